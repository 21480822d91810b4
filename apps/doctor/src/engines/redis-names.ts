import { prefixOf, RedisNames, storedInstallationId } from '#runtime';
import type { Installation } from '../installation.js';
import { connectPostgres } from './with-postgres.js';

/** Instead of the id of an installation that has never started, or whose database cannot be asked. */
const UNKNOWN = 'doctor';

/** Names as the processes of the installation use them: the rights of a user of Redis may hold for these alone. */
export async function redisNames({ redis, directDatabaseUrl }: Installation): Promise<RedisNames> {
  if (redis?.prefix !== undefined) return new RedisNames(redis.prefix);
  return new RedisNames(prefixOf((await storedId(directDatabaseUrl)) ?? UNKNOWN));
}

async function storedId(databaseUrl: string | undefined): Promise<string | undefined> {
  if (databaseUrl === undefined) return undefined;
  const client = await connectPostgres(databaseUrl).catch(() => undefined);
  if (!client) return undefined;
  try {
    return await storedInstallationId(client);
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}
