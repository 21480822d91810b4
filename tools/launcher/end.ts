/** Waits for the one reason to end: a signal (no failure), or a failure with a message. The first one counts. */
export class End {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #failure: string | undefined;

  /** True as soon as there is a reason; the steps of a start check it before they continue. */
  get reached(): boolean {
    return this.signal.aborted;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  stop(failure?: string): void {
    if (this.reached) return;
    this.#failure = failure;
    this.#controller.abort();
  }

  wait(): Promise<void> {
    if (this.reached) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}
