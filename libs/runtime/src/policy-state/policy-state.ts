/** A share of a limit: `cost` of `perMinute`, of which `burst` (in the unit of `cost`) may go at once after a pause. */
export interface RateBooking {
  readonly key: string;
  readonly perMinute: number;
  readonly burst: number;
  readonly cost: number;
}

/** `booked`: the place is yours in `waitMs` (0: now). Otherwise nothing was booked, and `waitMs` says when it would be. */
export interface Booked {
  readonly booked: boolean;
  readonly waitMs: number;
}

/** One of a key's places for calls at once, and its unique holder. */
export interface Permit {
  readonly key: string;
  readonly holder: string;
}

/** `failures` since the last success. `openForMs` 0: it lets calls through, or (after having been open) one probe. */
export interface BreakerState {
  readonly failures: number;
  readonly openForMs: number;
}

export interface BreakerRule {
  readonly failures: number;
  readonly openMs: number;
}

/**
 * What all workers of an installation know together about the providers: the shape that libs/providers asks for, kept by
 * either engine. Times are whole milliseconds by the store's own clock. Every method rejects when the store is out of reach,
 * also when it does not answer within {@link STORE_ANSWERS_MS}. Everything that is kept expires by itself. A class, to be
 * injected by it.
 */
export abstract class PolicyState {
  /**
   * Takes a place under all of these limits (each key once), or under none when it were later than `maxWaitMs`. Places are
   * given out in the order of the calls; a cost above `burst` delays whoever comes after.
   */
  abstract book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked>;
  /** Adds `cost` (negative: gives back) to what was booked. */
  abstract correct(bookings: readonly RateBooking[]): Promise<void>;

  /** Takes one of `limit` places for `ttlMs`, unless all are held. Asking again with the same holder renews. */
  abstract acquire(permit: Permit, limit: number, ttlMs: number): Promise<boolean>;
  abstract release(permit: Permit): Promise<void>;

  abstract breaker(key: string): Promise<BreakerState>;
  /** The failure that makes `rule.failures` of them in a row opens; so does any after that while it is not open any more. */
  abstract countFailure(key: string, rule: BreakerRule): Promise<BreakerState>;
  /** One asker gets true once a breaker is not open any more, the next one after `ttlMs`. True where it never was open. */
  abstract takeProbe(key: string, ttlMs: number): Promise<boolean>;
  abstract closeBreaker(key: string): Promise<void>;

  /** Never shortens the time that something is set aside already. */
  abstract setAside(key: string, forMs: number): Promise<void>;
  /** How much longer each of them is set aside, in their order; 0: not. */
  abstract asideFor(keys: readonly string[]): Promise<readonly number[]>;
}

/** A caller that waits for a provider waits for nobody's permission any longer than this. */
export const STORE_ANSWERS_MS = 2_000;
/** How long failures are remembered after the last one. */
export const BREAKER_KEPT_MS = 3_600_000;
/** For bookings that are made however long they wait. */
export const ANY_WAIT_MS = Number.MAX_SAFE_INTEGER;

export const MINUTE_MS = 60_000;
