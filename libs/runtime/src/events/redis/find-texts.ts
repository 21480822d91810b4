import type { Redis } from 'ioredis';
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

/** The keys of the database whose name or content has one of the texts. */
export async function findTexts(redis: Redis, texts: readonly string[]): Promise<FoundText[]> {
  const found: FoundText[] = [];
  for await (const keys of redis.scanStream({ count: 1_000 }) as AsyncIterable<string[]>) {
    for (const key of new Set(keys)) {
      const content = key + JSON.stringify(await READERS[await redis.type(key)]?.(redis, key));
      if (texts.some((text) => content.includes(text))) found.push({ name: key, count: 1 });
    }
  }
  return found;
}
