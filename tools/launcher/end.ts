/** Waits for the one reason to end: a signal (no failure), or a failure in words. The first one counts. */
export class End {
  readonly #controller = new AbortController();
  readonly signal = this.#controller.signal;
  #failure: string | undefined;

  /** True as soon as there is a reason; steps of a start ask before they go on. */
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
