/** A share of a limit: `cost` of `perMinute`, of which `burst` may go at once after a pause. */
export interface RateBooking {
  readonly key: string;
  readonly perMinute: number;
  /** In the unit of `cost`. */
  readonly burst: number;
  readonly cost: number;
}

/** `booked`: the call may start in `waitMs` (0: now). Otherwise nothing was booked, and `waitMs` is how long it would wait. */
export interface Booked {
  readonly booked: boolean;
  readonly waitMs: number;
}

/** One of the `limit` places for calls at once. */
export interface Permit {
  readonly key: string;
  /** Names the holder: unique for each call. */
  readonly holder: string;
}

/** The state of a circuit breaker, over all workers. */
export interface BreakerState {
  /** Failures since the last success. */
  readonly failures: number;
  /** How much longer no call passes. */
  readonly openForMs: number;
  /** How often it has opened since the last success; above 0, and not open any more, it lets one probe pass. */
  readonly opens: number;
  /** Opened by an operator, until one closes it. */
  readonly isHeld: boolean;
  /** The last failure that was counted. */
  readonly last?: LastFailure | undefined;
}

export interface LastFailure {
  /** A `ProviderErrorCode`; another version of a worker may have stored one of its own. */
  readonly code: string;
  readonly detail: string;
}

/** When a breaker opens, for how long at first, and how long that becomes at most by doubling. */
export interface BreakerRule {
  readonly failures: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/**
 * What all workers of an installation share about the providers. Times are by the store's own clock, in
 * milliseconds. Every method rejects when the store is out of reach: callers then continue without it.
 */
export interface PolicyState {
  /**
   * Takes a place under all of these limits, or under none when it were later than `maxWaitMs`. Places are given out in the
   * order of the calls, `perMinute` evenly spread over the minute; a cost above `burst` delays the calls after it.
   */
  book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked>;
  /** Adds `cost` (negative: gives back) to what was booked, once the true one is known. */
  correct(bookings: readonly RateBooking[]): Promise<void>;

  /** Takes one of `limit` places for `ttlMs`, unless all are held. Asking again with the same holder renews. */
  acquire(permit: Permit, limit: number, ttlMs: number): Promise<boolean>;
  release(permit: Permit): Promise<void>;

  breaker(key: string): Promise<BreakerState>;
  /**
   * Counts a failure. The one that makes `failures` of them in a row opens the breaker for `openMs`, and each failed probe for
   * twice as long as before, up to `maxOpenMs`. Where it has been open, calls that began before that do not open it again.
   */
  countFailure(
    key: string,
    rule: BreakerRule,
    failure: LastFailure & { readonly isProbe: boolean },
  ): Promise<BreakerState>;
  /** After a breaker has been open, true for one caller, who makes the probe; for another one after `ttlMs`. */
  takeProbe(key: string, ttlMs: number): Promise<boolean>;
  /** The probe has found out nothing: another caller may make it at once. */
  releaseProbe(key: string): Promise<void>;
  /** After a success. One that an operator has opened stays open. */
  closeBreaker(key: string): Promise<void>;

  /** Sets something (a key that was refused) aside for so long. */
  setAside(key: string, forMs: number): Promise<void>;
  /** How much longer each of them is set aside, in their order; 0: not. */
  asideFor(keys: readonly string[]): Promise<readonly number[]>;
}
