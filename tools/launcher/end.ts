/** Waits for the one reason to end: a signal (no failure), or a failure with a message. The first one counts. */
export class End {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal = this.#controller.signal;
  #failure: string | undefined;
  #exitCode = 0;

  /** True as soon as there is a reason; the steps of a start check it before they continue. */
  get reached(): boolean {
    return this.signal.aborted;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** Of the launcher, by what ended it. */
  get exitCode(): number {
    return this.#exitCode;
  }

  stop(failure?: string, exitCode = failure === undefined ? 0 : 1): void {
    if (this.reached) return;
    this.#failure = failure;
    this.#exitCode = exitCode;
    this.#controller.abort();
  }

  wait(): Promise<void> {
    if (this.reached) return Promise.resolve();
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}
