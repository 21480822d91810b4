import type { Redis } from 'ioredis';
import { answerWithin } from '../platform/answer-within.js';
import { type RedisScript, runScript } from '../platform/redis-script.js';
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
import { ACQUIRE, BOOK, BREAKER, COUNT_FAILURE, SET_ASIDE, TAKE_PROBE } from './redis-scripts.js';

/** The braces are a hash tag: on a cluster all keys are on one node, since a script may use keys of one node only. */
const keyOf = (kind: 'rate' | 'permits' | 'breaker' | 'aside', key: string): string =>
  `relay:{policies}:${kind}:${key}`;

/**
 * A rate is the time at which its budget was last empty, permits are a sorted set scored by their end, a breaker is a hash.
 * Each decision is one script, by the clock of Redis.
 */
export class RedisPolicyState extends PolicyState {
  constructor(private readonly redis: Redis) {
    super();
  }

  async book(bookings: readonly RateBooking[], maxWaitMs: number): Promise<Booked> {
    if (bookings.length === 0) return { booked: true, waitMs: 0 };
    const keys = bookings.map(({ key }) => keyOf('rate', key));
    const shares = bookings.flatMap(({ perMinute, burst, cost }) => [MINUTE_MS / perMinute, burst, cost]);
    const [booked, waitMs] = (await this.run(BOOK, keys, [maxWaitMs, ...shares])) as [number, number];
    return { booked: booked === 1, waitMs };
  }

  async correct(bookings: readonly RateBooking[]): Promise<void> {
    await this.book(bookings, ANY_WAIT_MS);
  }

  async acquire({ key, holder }: Permit, limit: number, ttlMs: number): Promise<boolean> {
    return (await this.run(ACQUIRE, [keyOf('permits', key)], [holder, limit, ttlMs])) === 1;
  }

  async release({ key, holder }: Permit): Promise<void> {
    await answer(this.redis.zrem(keyOf('permits', key), holder));
  }

  async breaker(key: string): Promise<BreakerState> {
    return toBreaker(await this.run(BREAKER, [keyOf('breaker', key)], []));
  }

  async countFailure(key: string, { failures, openMs }: BreakerRule): Promise<BreakerState> {
    return toBreaker(await this.run(COUNT_FAILURE, [keyOf('breaker', key)], [failures, openMs, BREAKER_KEPT_MS]));
  }

  async takeProbe(key: string, ttlMs: number): Promise<boolean> {
    return (await this.run(TAKE_PROBE, [keyOf('breaker', key)], [ttlMs])) === 1;
  }

  async closeBreaker(key: string): Promise<void> {
    await answer(this.redis.del(keyOf('breaker', key)));
  }

  async setAside(key: string, forMs: number): Promise<void> {
    await this.run(SET_ASIDE, [keyOf('aside', key)], [Math.ceil(forMs)]);
  }

  async asideFor(keys: readonly string[]): Promise<readonly number[]> {
    if (keys.length === 0) return [];
    const pipeline = this.redis.pipeline();
    for (const key of keys) pipeline.pttl(keyOf('aside', key));
    const results = (await answer(pipeline.exec())) ?? [];
    return results.map(([error, left]) => {
      if (error) throw error;
      return Math.max(0, left as number);
    });
  }

  private run(script: RedisScript, keys: readonly string[], args: (string | number)[]): Promise<unknown> {
    return answer(runScript(this.redis, script, keys, args));
  }
}

const answer = <T>(promise: Promise<T>): Promise<T> => answerWithin(STORE_ANSWERS_MS, 'Redis', promise);

function toBreaker(reply: unknown): BreakerState {
  const [failures, openForMs] = reply as [number, number];
  return { failures, openForMs };
}
