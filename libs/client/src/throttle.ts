import { sleep } from './retry.js';

/** Calls a function at most once in `everyMs`, one call at a time. Its failure is made up for by the next call. */
export class Throttle {
  #last = Number.NEGATIVE_INFINITY;
  #due: Promise<void> | undefined;

  constructor(
    private readonly run: () => unknown,
    private readonly everyMs: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Something has changed: a call that begins after this moment follows. Resolves when that call is done. */
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
      // Most likely the network, which the next call may find mended.
    }
  }
}
