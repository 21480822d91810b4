import type { Redis } from 'ioredis';
import type { RedisClient } from '../../redis/open-redis.js';
import { primariesOf } from '../../redis/primaries.js';
import type { RedisNames } from '../../redis/redis-names.js';
import type { FoundText } from '../event-engine.js';

/** What a key holds, as texts; a type that nobody here uses is shown as it can be. */
const READERS: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hgetall(key),
  list: (redis, key) => redis.lrange(key, 0, -1),
  set: (redis, key) => redis.smembers(key),
  zset: (redis, key) => redis.zrange(key, '0', '-1'),
  stream: (redis, key) => redis.xrange(key, '-', '+'),
};

/** The keys of the installation whose name or content has one of the texts. */
export async function findTexts(
  client: RedisClient,
  { all }: RedisNames,
  texts: readonly string[],
): Promise<FoundText[]> {
  const found: FoundText[] = [];
  for (const server of primariesOf(client)) {
    for await (const keys of server.scanStream({ match: all, count: 1_000 }) as AsyncIterable<string[]>) {
      for (const key of new Set(keys)) {
        const content = key + JSON.stringify(await READERS[await server.type(key)]?.(server, key));
        if (texts.some((text) => content.includes(text))) found.push({ name: key, count: 1 });
      }
    }
  }
  return found;
}
