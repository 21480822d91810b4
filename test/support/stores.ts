import { namesOf, Database, type RedisNames } from '#runtime';
import type { StoreSettings } from '../../libs/runtime/src/nest/connect-event-engine.js';
import type { Variables } from './processes.js';

/** What processes with these variables run on. */
export const storesOf = ({ DATABASE_URL: databaseUrl = '', REDIS_URL: url }: Variables): StoreSettings => ({
  databaseUrl,
  redis: url ? { url } : undefined,
});

/** Names of the keys of the installation with this database. */
export async function redisNames(databaseUrl: string): Promise<RedisNames> {
  const db = new Database(databaseUrl, { maxConnections: 1, name: 'test' });
  try {
    return await namesOf({ url: '' }, db.system);
  } finally {
    await db.close();
  }
}
