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

  // Redis deletes expired keys by itself.
  async removeExpired(): Promise<void> {}
}
