import type { Queryable } from '../platform/database.js';
import type { RedisSettings } from '../environment/redis-settings.js';
import { installationId } from './installation-id.js';
import { prefixOf, RedisNames } from './redis-names.js';

/** The names of this installation's keys: as configured, or by its id, which is in Postgres. @throws Error in words */
export async function namesOf({ prefix }: RedisSettings, system: Queryable): Promise<RedisNames> {
  return new RedisNames(prefix ?? prefixOf(await installationId(system)));
}
