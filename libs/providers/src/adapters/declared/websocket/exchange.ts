/** One request and its responses, which are buffered until they are read. */
export class Exchange {
  #messages: unknown[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #received = false;
  #abandoned = false;

  /** @param id identifies its messages on a connection that others use as well */
  constructor(readonly id: string) {}

  /** Something has come back. */
  get received(): boolean {
    return this.#received;
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  push(json: unknown): void {
    if (this.#failure) return;
    this.#received = true;
    this.#messages.push(json);
    this.#wake?.();
  }

  /** Nothing more comes; what came before is still to be read. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** The reader has left; a pending wait is rejected with the reason. */
  abandon(error?: unknown): void {
    this.#abandoned = true;
    this.#messages = [];
    this.fail(error);
  }

  /** Until there is a message to read. @throws what it has failed with */
  async ready(): Promise<void> {
    while (this.#messages.length === 0) {
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** @throws what it has failed with, once everything is read */
  async next(): Promise<unknown> {
    await this.ready();
    return this.#messages.shift();
  }
}
