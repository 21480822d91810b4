import type { Queryable } from '../platform/database.js';
import { answerWithin } from '../platform/answer-within.js';
import { query, type Statement } from '../platform/statement.js';
import {
  ANY_WAIT_MS,
  type Booked,
  BREAKER_KEPT_MS,
  type BreakerRule,
  type BreakerState,
  LAST_DETAIL_LENGTH,
  type LastFailure,
  MAX_LISTED_BREAKERS,
  MINUTE_MS,
  type NamedBreaker,
  type Permit,
  PolicyState,
  type RateBooking,
  STORE_ANSWERS_MS,
} from './policy-state.js';
import {
  ACQUIRE,
  ASIDE_FOR,
  BEGIN_RATES,
  BOOK,
  BOOKED_FOR,
  BREAKER,
  CLOSE_BREAKER,
  COUNT_FAILURE,
  HELD_PERMITS,
  HOLD_BREAKER,
  LIST_BREAKERS,
  RELEASE,
  RELEASE_PROBE,
  REMOVE_EXPIRED,
  RESET_BREAKER,
  SET_ASIDE,
  TAKE_PROBE,
} from './postgres-statements.js';

/**
 * Unlogged tables, with one row for each key; each decision is one statement under the row's lock, by the clock of
 * Postgres at the time when it has the lock.
 */
export class PostgresPolicyState extends PolicyState {
  constructor(private readonly db: Queryable) {
    super();
  }

  async book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked> {
    if (bookings.length === 0) return { booked: true, waitMs: 0 };
    const keys = bookings.map(({ key }) => key);
    const values = [
      keys,
      bookings.map(({ perMinute }) => MINUTE_MS / perMinute),
      bookings.map(({ burst }) => burst),
      bookings.map(({ cost }) => cost),
      maxWaitMs,
    ];
    for (;;) {
      const [place] = await this.run(BOOK, values);
      if (place?.found === keys.length) return { booked: place.waitMs <= maxWaitMs, waitMs: place.waitMs };
      // Rates that were never booked, or that were fully refilled and swept, have no row to lock yet.
      await this.run(BEGIN_RATES, [keys]);
    }
  }

  async correct(bookings: readonly RateBooking[]): Promise<void> {
    await this.book(bookings, ANY_WAIT_MS);
  }

  async acquire({ key, holder }: Permit, limit: number, ttlMs: number): Promise<boolean> {
    return (await this.run(ACQUIRE, [key, holder, limit, ttlMs])).length === 1;
  }

  async release({ key, holder }: Permit): Promise<void> {
    await this.run(RELEASE, [key, holder]);
  }

  async held(keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const found = new Map((await this.run(HELD_PERMITS, [keys])).map(({ key, held }) => [key, held]));
    return keys.map((key) => found.get(key) ?? 0);
  }

  async bookedFor(keys: readonly string[]): Promise<readonly (number | undefined)[]> {
    if (keys.length === 0) return [];
    const found = new Map((await this.run(BOOKED_FOR, [keys])).map(({ key, ms }) => [key, ms]));
    return keys.map((key) => found.get(key));
  }

  async breaker(key: string): Promise<BreakerState> {
    const [state] = await this.run(BREAKER, [key]);
    return state ? toBreaker(state) : { failures: 0, openForMs: 0, opens: 0, isHeld: false };
  }

  async countFailure(
    key: string,
    { failures, openMs, maxOpenMs }: BreakerRule,
    { code, detail, isProbe }: LastFailure & { readonly isProbe: boolean },
  ): Promise<BreakerState> {
    // Postgres cannot store the character 0.
    const said = [code, detail.slice(0, LAST_DETAIL_LENGTH).replaceAll('\0', ''), isProbe];
    const values = [key, failures, openMs, maxOpenMs, BREAKER_KEPT_MS, ...said];
    const [state] = await this.run(COUNT_FAILURE, values);
    if (!state) throw new Error('a failure was not counted');
    return toBreaker(state);
  }

  async takeProbe(key: string, ttlMs: number): Promise<boolean> {
    const [probe] = await this.run(TAKE_PROBE, [key, ttlMs]);
    return probe?.taken ?? false;
  }

  async releaseProbe(key: string): Promise<void> {
    await this.run(RELEASE_PROBE, [key]);
  }

  async closeBreaker(key: string): Promise<void> {
    await this.run(CLOSE_BREAKER, [key]);
  }

  async breakers(): Promise<readonly NamedBreaker[]> {
    const rows = await this.run(LIST_BREAKERS, [MAX_LISTED_BREAKERS]);
    return rows.map(({ key, ...state }) => ({ key, ...toBreaker(state) }));
  }

  async holdBreaker(key: string): Promise<void> {
    await this.run(HOLD_BREAKER, [key]);
  }

  async resetBreaker(key: string): Promise<void> {
    await this.run(RESET_BREAKER, [key]);
  }

  async setAside(key: string, forMs: number): Promise<void> {
    await this.run(SET_ASIDE, [key, forMs]);
  }

  async asideFor(keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const rows = await this.run(ASIDE_FOR, [keys]);
    const left = new Map(rows.map(({ key, ms }) => [key, ms]));
    return keys.map((key) => left.get(key) ?? 0);
  }

  async removeExpired(): Promise<void> {
    await this.run(REMOVE_EXPIRED, []);
  }

  private async run<Row extends object>(statement: Statement<Row>, values: unknown[]): Promise<Row[]> {
    return (await answerWithin(STORE_ANSWERS_MS, 'Postgres', query(this.db, statement, values))).rows;
  }
}

interface BreakerRow extends Omit<BreakerState, 'isHeld' | 'last'> {
  readonly held: boolean;
  readonly code: string | null;
  readonly detail: string | null;
}

function toBreaker({ failures, openForMs, opens, held, code, detail }: BreakerRow): BreakerState {
  return { failures, openForMs, opens, isHeld: held, ...(code !== null && { last: { code, detail: detail ?? '' } }) };
}
