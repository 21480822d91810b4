import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/open-redis.js';
import { primariesOf } from '../redis/primaries.js';
import type { RedisNames } from '../redis/redis-names.js';
import type { ResponseCache } from './response-cache.js';

export class RedisResponseCache implements ResponseCache {
  constructor(
    private readonly redis: RedisClient,
    private readonly names: RedisNames,
  ) {}

  async get(key: string): Promise<string | undefined> {
    return (await this.redis.get(this.names.cached(key))) ?? undefined;
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.redis.set(this.names.cached(key), value, 'EX', ttlSeconds);
  }

  async clear(): Promise<void> {
    for (const server of primariesOf(this.redis)) {
      const found = server.scanStream({ match: this.names.cached('*'), count: 1_000 }) as AsyncIterable<string[]>;
      for await (const keys of found) await Promise.all(this.atOnce(keys).map((some) => server.unlink(some)));
    }
  }

  // Redis deletes expired keys by itself.
  async removeExpired(): Promise<void> {}

  /** What one command may name: on a cluster, keys of one server are of many slots. */
  private atOnce(keys: string[]): string[][] {
    if (this.redis instanceof Cluster) return keys.map((key) => [key]);
    return keys.length > 0 ? [keys] : [];
  }
}
