import { answerWithin } from '../platform/answer-within.js';
import type { RedisClient } from '../redis/open-redis.js';
import type { RedisNames } from '../redis/redis-names.js';
import { type RedisScript, runScript } from '../redis/redis-script.js';
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
  BOOK,
  BOOKED_FOR,
  BREAKER,
  CLOSE_BREAKER,
  COUNT_FAILURE,
  HELD_PERMITS,
  HOLD_BREAKER,
  LIST_BREAKERS,
  RESET_BREAKER,
  SET_ASIDE,
  TAKE_PROBE,
} from './redis-scripts.js';

/**
 * A rate is the time at which its budget was last empty, permits are a sorted set scored by their end, a breaker is a hash.
 * Each decision is one script, by the clock of Redis.
 */
export class RedisPolicyState extends PolicyState {
  constructor(
    private readonly redis: RedisClient,
    private readonly names: RedisNames,
  ) {
    super();
  }

  async book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked> {
    if (bookings.length === 0) return { booked: true, waitMs: 0 };
    const keys = bookings.map(({ key }) => this.names.policy('rate', key));
    const shares = bookings.flatMap(({ perMinute, burst, cost }) => [MINUTE_MS / perMinute, burst, cost]);
    const [booked, waitMs] = (await this.run(BOOK, keys, [maxWaitMs, ...shares])) as [number, number];
    return { booked: booked === 1, waitMs };
  }

  async correct(bookings: readonly RateBooking[]): Promise<void> {
    await this.book(bookings, ANY_WAIT_MS);
  }

  async acquire({ key, holder }: Permit, limit: number, ttlMs: number): Promise<boolean> {
    return (await this.run(ACQUIRE, [this.names.policy('permits', key)], [holder, limit, ttlMs])) === 1;
  }

  async release({ key, holder }: Permit): Promise<void> {
    await answer(this.redis.zrem(this.names.policy('permits', key), holder));
  }

  async held(keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const places = keys.map((key) => this.names.policy('permits', key));
    return (await this.run(HELD_PERMITS, places, [])) as number[];
  }

  async bookedFor(keys: readonly string[]): Promise<readonly (number | undefined)[]> {
    if (keys.length === 0) return [];
    const places = keys.map((key) => this.names.policy('rate', key));
    const found = (await this.run(BOOKED_FOR, places, [])) as string[];
    return found.map((ms) => (ms === '' ? undefined : Number(ms)));
  }

  async breaker(key: string): Promise<BreakerState> {
    return toBreaker(await this.run(BREAKER, [this.names.policy('breaker', key)], []));
  }

  async countFailure(
    key: string,
    { failures, openMs, maxOpenMs }: BreakerRule,
    { code, detail, isProbe }: LastFailure & { readonly isProbe: boolean },
  ): Promise<BreakerState> {
    const said = [code, detail.slice(0, LAST_DETAIL_LENGTH), isProbe ? 1 : 0];
    return toBreaker(await this.listed(COUNT_FAILURE, key, [failures, openMs, maxOpenMs, BREAKER_KEPT_MS, ...said]));
  }

  async takeProbe(key: string, ttlMs: number): Promise<boolean> {
    return (await this.run(TAKE_PROBE, [this.names.policy('breaker', key)], [ttlMs])) === 1;
  }

  async releaseProbe(key: string): Promise<void> {
    await answer(this.redis.hdel(this.names.policy('breaker', key), 'probeUntil'));
  }

  async closeBreaker(key: string): Promise<void> {
    await this.listed(CLOSE_BREAKER, key);
  }

  async breakers(): Promise<readonly NamedBreaker[]> {
    const keys = (await this.run(LIST_BREAKERS, [this.names.breakers], [MAX_LISTED_BREAKERS])) as string[];
    return Promise.all(keys.toSorted().map(async (key) => ({ key, ...(await this.breaker(key)) })));
  }

  async holdBreaker(key: string): Promise<void> {
    await this.listed(HOLD_BREAKER, key);
  }

  async resetBreaker(key: string): Promise<void> {
    await this.listed(RESET_BREAKER, key);
  }

  async setAside(key: string, forMs: number): Promise<void> {
    await this.run(SET_ASIDE, [this.names.policy('aside', key)], [Math.ceil(forMs)]);
  }

  async asideFor(keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const pipeline = this.redis.pipeline();
    for (const key of keys) pipeline.pttl(this.names.policy('aside', key));
    const results = (await answer(pipeline.exec())) ?? [];
    return results.map(([error, left]) => {
      if (error) throw error;
      return Math.max(0, left as number);
    });
  }

  private listed(script: RedisScript, key: string, args: readonly (string | number)[] = []): Promise<unknown> {
    return this.run(script, [this.names.policy('breaker', key), this.names.breakers], [key, ...args]);
  }

  private run(script: RedisScript, keys: readonly string[], args: (string | number)[]): Promise<unknown> {
    return answer(runScript(this.redis, script, keys, args));
  }
}

const answer = <T>(promise: Promise<T>): Promise<T> => answerWithin(STORE_ANSWERS_MS, 'Redis', promise);

function toBreaker(reply: unknown): BreakerState {
  const [failures, openForMs, opens, held, code, detail] = reply as [number, number, number, number, string, string];
  return { failures, openForMs, opens, isHeld: held === 1, ...(code && { last: { code, detail } }) };
}
