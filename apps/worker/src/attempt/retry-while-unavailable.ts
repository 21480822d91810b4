import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '#runtime';

/** Waits between two tries, in milliseconds; the last one again and again. */
const WAITS_MS = [200, 500, 1_000, 2_000];

export interface RetryOptions {
  /** Ends the retries. */
  readonly signal?: AbortSignal;
  /** Called once, when the first try has failed. */
  readonly onUnavailable?: (error: Error) => void;
}

/**
 * The result of `work`, retried for as long as Postgres is unavailable: an answer that was paid for must not be lost
 * in an outage. No other worker can take the run meanwhile; a worker that has lost it learns that from the first reply.
 * @throws what `work` throws for any other reason; the outage itself, once the signal is aborted
 */
export async function retryWhileUnavailable<T>(
  work: () => Promise<T>,
  { signal, onUnavailable }: RetryOptions = {},
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || signal?.aborted) throw error;
      if (tries === 0) onUnavailable?.(error as Error);
      await sleep(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)], undefined, signal && { signal }).catch(
        () => undefined,
      );
    }
  }
}
