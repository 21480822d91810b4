import type { Redis } from 'ioredis';
import type { ResponseCache } from './response-cache.js';

const cacheKey = (key: string): string => `relay:cache:${key}`;

export class RedisResponseCache implements ResponseCache {
  constructor(private readonly redis: Redis) {}

  async get(key: string): Promise<string | undefined> {
    return (await this.redis.get(cacheKey(key))) ?? undefined;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.redis.set(cacheKey(key), value, 'EX', ttlSeconds);
  }

  async clear(): Promise<void> {
    for await (const keys of this.redis.scanStream({ match: cacheKey('*'), count: 1_000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await this.redis.unlink(keys);
    }
  }

  // Redis deletes expired keys by itself.
  async removeExpired(): Promise<void> {}
}
