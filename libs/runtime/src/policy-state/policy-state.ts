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

/** `failures` and `opens` since the last success. `openForMs` 0: calls are allowed, or (where `opens` is above 0) one probe. */
export interface BreakerState {
  readonly failures: number;
  readonly openForMs: number;
  readonly opens: number;
  /** Opened by an operator, until one closes it. */
  readonly isHeld: boolean;
  /** The last failure that was counted. */
  readonly last?: LastFailure | undefined;
}

export interface LastFailure {
  readonly code: string;
  readonly detail: string;
}

export interface NamedBreaker extends BreakerState {
  readonly key: string;
}

export interface BreakerRule {
  readonly failures: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
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

  /** How many permits of each key are held, in the order of `keys`. */
  abstract held(keys: readonly string[]): Promise<readonly number[]>;
  /**
   * For how many milliseconds from now each rate is booked, in the order of `keys`. Negative: that much time's budget is free,
   * up to the burst. Undefined: nothing of it was used lately.
   */
  abstract bookedFor(keys: readonly string[]): Promise<readonly (number | undefined)[]>;

  abstract breaker(key: string): Promise<BreakerState>;
  /**
   * Opens the breaker at the `rule.failures`th consecutive failure for `openMs`, and at each failed probe for twice as long as the
   * time before, up to `maxOpenMs`.
   */
  abstract countFailure(
    key: string,
    rule: BreakerRule,
    failure: LastFailure & { readonly isProbe: boolean },
  ): Promise<BreakerState>;
  /**
   * Returns true to one caller once a breaker is not open any more, and to the next one after `ttlMs`. True where it never was
   * open.
   */
  abstract takeProbe(key: string, ttlMs: number): Promise<boolean>;
  /** Another caller may take it at once. */
  abstract releaseProbe(key: string): Promise<void>;
  /** After a success: a held breaker stays open. */
  abstract closeBreaker(key: string): Promise<void>;

  /** Those with a failure that counts, and those that are held, by their keys. */
  abstract breakers(): Promise<readonly NamedBreaker[]>;
  /** Opens it until {@link resetBreaker}. */
  abstract holdBreaker(key: string): Promise<void>;
  /** Closes it, whoever has opened it, and forgets its failures. */
  abstract resetBreaker(key: string): Promise<void>;

  /** Never shortens an existing pause. */
  abstract setAside(key: string, forMs: number): Promise<void>;
  /** How much longer each key is set aside, in the order of `keys`; 0: it is not. */
  abstract asideFor(keys: readonly string[]): Promise<readonly number[]>;
}

/** How long a call to a provider waits at most for a reply of the store. */
export const STORE_ANSWERS_MS = 2_000;
/** How long failures are counted after the last one. */
export const BREAKER_KEPT_MS = 3_600_000;
/** Characters that are kept of what a provider said. */
export const LAST_DETAIL_LENGTH = 500;
/** Breakers that are listed at most. */
export const MAX_LISTED_BREAKERS = 1_000;
/** For bookings that are made regardless of the wait. */
export const ANY_WAIT_MS = Number.MAX_SAFE_INTEGER;

export const MINUTE_MS = 60_000;
