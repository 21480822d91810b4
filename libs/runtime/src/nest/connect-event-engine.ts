import type { EventEngine } from '../events/event-engine.js';
import { connectPostgresEngine } from '../events/postgres/postgres-engine.js';
import { connectRedisEngine } from '../events/redis/redis-engine.js';
import type { Database } from '../platform/database.js';

/** Redis where there is one, Postgres otherwise: the same two interfaces, the same behaviour. */
export function connectEventEngine(
  database: Database,
  urls: { readonly databaseUrl: string; readonly redisUrl?: string | undefined },
  onError: (error: Error) => void,
): Promise<EventEngine> {
  return urls.redisUrl === undefined
    ? connectPostgresEngine(database, urls.databaseUrl, onError)
    : connectRedisEngine(urls.redisUrl, onError);
}
