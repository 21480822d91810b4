import type { OnPolicyEvent } from './policy-event.js';
import type { BreakerState, PolicyState } from './policy-state.js';

/** How long to wait for the shared state; a slower store counts as unreachable. */
const WAIT_MS = 2_000;

/** A loss is reported at most once per this interval. */
const REPORT_EVERY_MS = 60_000;

/** A state whose loss stops no call: without it, nothing is limited, open or set aside. No method rejects. */
export function forgivingState(state: PolicyState, onEvent: OnPolicyEvent): PolicyState {
  let reportedAt = -Infinity;
  async function tried<T>(work: () => Promise<T>, instead: T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${WAIT_MS} ms`)), WAIT_MS);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      if (performance.now() - reportedAt > REPORT_EVERY_MS) {
        reportedAt = performance.now();
        onEvent({ type: 'state_unreachable', error });
      }
      return instead;
    } finally {
      clearTimeout(timer);
    }
  }
  const closed: BreakerState = { failures: 0, openForMs: 0, opens: 0, isHeld: false };
  return {
    book: (bookings, maxWaitMs) => tried(() => state.book(bookings, maxWaitMs), { booked: true, waitMs: 0 }),
    correct: (bookings) => tried(() => state.correct(bookings), undefined),
    acquire: (permit, limit, ttlMs) => tried(() => state.acquire(permit, limit, ttlMs), true),
    release: (permit) => tried(() => state.release(permit), undefined),
    breaker: (key) => tried(() => state.breaker(key), closed),
    countFailure: (key, rule, failure) => tried(() => state.countFailure(key, rule, failure), closed),
    takeProbe: (key, ttlMs) => tried(() => state.takeProbe(key, ttlMs), true),
    releaseProbe: (key) => tried(() => state.releaseProbe(key), undefined),
    closeBreaker: (key) => tried(() => state.closeBreaker(key), undefined),
    setAside: (key, forMs) => tried(() => state.setAside(key, forMs), undefined),
    asideFor: (keys) =>
      tried(
        () => state.asideFor(keys),
        keys.map(() => 0),
      ),
  };
}
