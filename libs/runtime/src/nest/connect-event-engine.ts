import type { EventEngine } from '../events/event-engine.js';
import { connectPostgresEngine } from '../events/postgres/postgres-engine.js';
import { connectRedisEngine } from '../events/redis/redis-engine.js';
import { type DatabaseAddress, directUrlOf } from '../platform/database-address.js';
import type { Database } from '../platform/database.js';
import type { RedisSettings } from '../environment/redis-settings.js';
import { namesOf } from '../redis/names-of.js';
import { refuseLasting } from '../redis/refuse-lasting.js';

/** What queue, run log and bus run on: Redis in production, Postgres where there is no Redis. */
export interface StoreSettings extends DatabaseAddress {
  readonly redis: RedisSettings | undefined;
}

/** The same two interfaces, the same behaviour on both. Throws `ConfigError` where Redis will never do what is needed. */
export async function connectEventEngine(
  database: Database,
  settings: StoreSettings,
  onError: (error: Error) => void,
): Promise<EventEngine> {
  const { redis } = settings;
  if (redis === undefined) return connectPostgresEngine(database, directUrlOf(settings), onError);
  const names = await namesOf(redis, database.system);
  await refuseLasting(redis, names);
  return connectRedisEngine(redis, names, onError);
}
