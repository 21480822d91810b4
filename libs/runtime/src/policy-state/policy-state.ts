/** A request to a rate limit: `cost` of `perMinute`, of which `burst` (in the unit of `cost`) may go at once after a pause. */
export interface RateBooking {
  readonly key: string;
  readonly perMinute: number;
  readonly burst: number;
  readonly cost: number;
}

/** `booked`: the slot is in `waitMs` (0: now). Otherwise nothing was booked, and `waitMs` is how long the wait would be. */
export interface Booked {
  readonly booked: boolean;
  readonly waitMs: number;
}

/** One of a key's permits for concurrent calls, and its unique holder. */
export interface Permit {
  readonly key: string;
  readonly holder: string;
}

/** `failures` since the last success. `openForMs` 0: calls are allowed, or (after having been open) one probe. */
export interface BreakerState {
  readonly failures: number;
  readonly openForMs: number;
}

export interface BreakerRule {
  readonly failures: number;
  readonly openMs: number;
}

/**
 * The state of the providers that all workers of an installation share: the interface that libs/providers needs, with one
 * implementation for each engine. Times are whole milliseconds by the store's own clock. Every method rejects when the store
 * is unavailable, also when it does not answer within {@link STORE_ANSWERS_MS}. All state expires by itself. A class, so that
 * it can be injected.
 */
export abstract class PolicyState {
  /**
   * Books a slot under all of these limits (each key once), or under none when it would be later than `maxWaitMs`. Slots are
   * assigned in the order of the calls; a cost above `burst` delays the calls after it.
   */
  abstract book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked>;
  /** Adds `cost` to a booking; a negative cost is refunded. */
  abstract correct(bookings: readonly RateBooking[]): Promise<void>;

  /** Takes one of `limit` permits for `ttlMs`, unless all are held. Acquiring again with the same holder renews. */
  abstract acquire(permit: Permit, limit: number, ttlMs: number): Promise<boolean>;
  abstract release(permit: Permit): Promise<void>;

  abstract breaker(key: string): Promise<BreakerState>;
  /** Opens the breaker at the `rule.failures`th consecutive failure, and at any later one while it is not open. */
  abstract countFailure(key: string, rule: BreakerRule): Promise<BreakerState>;
  /**
   * Returns true to one caller once a breaker is not open any more, and to the next one after `ttlMs`. True where it never was
   * open.
   */
  abstract takeProbe(key: string, ttlMs: number): Promise<boolean>;
  abstract closeBreaker(key: string): Promise<void>;

  /** Never shortens an existing pause. */
  abstract setAside(key: string, forMs: number): Promise<void>;
  /** How much longer each key is set aside, in the order of `keys`; 0: it is not. */
  abstract asideFor(keys: readonly string[]): Promise<readonly number[]>;
}

/** How long a call to a provider waits at most for a reply of the store. */
export const STORE_ANSWERS_MS = 2_000;
/** How long failures are counted after the last one. */
export const BREAKER_KEPT_MS = 3_600_000;
/** For bookings that are made regardless of the wait. */
export const ANY_WAIT_MS = Number.MAX_SAFE_INTEGER;

export const MINUTE_MS = 60_000;
