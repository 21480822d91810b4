import type { Queryable } from '../platform/database.js';
import { answerWithin } from '../platform/answer-within.js';
import { query, type Statement } from '../platform/statement.js';
import {
  ANY_WAIT_MS,
  type Booked,
  BREAKER_KEPT_MS,
  type BreakerRule,
  type BreakerState,
  MINUTE_MS,
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
  BREAKER,
  CLOSE_BREAKER,
  COUNT_FAILURE,
  RELEASE,
  REMOVE_EXPIRED,
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

  async breaker(key: string): Promise<BreakerState> {
    const [state] = await this.run(BREAKER, [key]);
    return state ?? { failures: 0, openForMs: 0 };
  }

  async countFailure(key: string, { failures, openMs }: BreakerRule): Promise<BreakerState> {
    const [state] = await this.run(COUNT_FAILURE, [key, failures, openMs, BREAKER_KEPT_MS]);
    return state ?? { failures: 1, openForMs: 0 };
  }

  async takeProbe(key: string, ttlMs: number): Promise<boolean> {
    const [probe] = await this.run(TAKE_PROBE, [key, ttlMs]);
    return probe?.taken ?? false;
  }

  async closeBreaker(key: string): Promise<void> {
    await this.run(CLOSE_BREAKER, [key]);
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
