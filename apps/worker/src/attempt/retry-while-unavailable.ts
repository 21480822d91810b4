import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '#runtime';

/** Waits between two tries, in milliseconds; the last one again and again. */
const WAITS_MS = [200, 500, 1_000, 2_000];

export interface StoreWait {
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Told once, when the first try has failed. */
  readonly onAway?: (error: Error) => void;
}

/**
 * The result of `work`, tried again for as long as Postgres is out of reach: what an answer has cost is not given up for
 * an outage. Nobody else can take the run meanwhile; who has lost it learns that from the first answer.
 * @throws what `work` throws for any other reason; the outage itself, once the signal is aborted
 */
export async function whileStoreIsAway<T>(work: () => Promise<T>, { signal, onAway }: StoreWait = {}): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || signal?.aborted) throw error;
      if (tries === 0) onAway?.(error as Error);
      await sleep(WAITS_MS[Math.min(tries, WAITS_MS.length - 1)], undefined, signal && { signal }).catch(
        () => undefined,
      );
    }
  }
}
