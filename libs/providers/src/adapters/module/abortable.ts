/**
 * Waits that end at once when a signal is aborted, even when what is waited for ignores it. One listener for all waits,
 * because there is one for each piece of an answer.
 */
export class Abortable {
  readonly #inner = new AbortController();
  #reject: ((reason: unknown) => void) | undefined;

  /** @param signal what the caller aborts */
  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  /** Aborted with the caller's signal, and when the caller {@link leave}s. */
  get inner(): AbortSignal {
    return this.#inner.signal;
  }

  /** Does one piece of work at a time. @throws `signal.reason` once aborted */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work().then(resolve, reject);
    });
  }

  /** The caller no longer waits. */
  leave(): void {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#inner.abort();
  }

  readonly #onAbort = (): void => {
    this.#inner.abort(this.signal.reason);
    this.#reject?.(this.signal.reason);
  };
}
