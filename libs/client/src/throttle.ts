import { sleep } from './retry.js';

/** Calls a function at most once in `everyMs`, one call at a time. Failures are ignored: the next call makes up for them. */
export class Throttle {
  #last = Number.NEGATIVE_INFINITY;
  #due: Promise<void> | undefined;

  constructor(
    private readonly run: () => unknown,
    private readonly everyMs: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Requests a call that begins after this moment. Resolves when that call is done. */
  touch(): Promise<void> {
    this.#due ??= this.#call();
    return this.#due;
  }

  async #call(): Promise<void> {
    try {
      await sleep(Math.max(0, this.#last + this.everyMs - Date.now()), this.signal);
      this.#last = Date.now();
    } finally {
      this.#due = undefined;
    }
    try {
      await this.run();
    } catch {
      // Most likely the network, which may work again at the next call.
    }
  }
}
