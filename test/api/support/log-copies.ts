import { Redis } from 'ioredis';
import type { Relay } from '../../support/relay.js';
import { redisNames, storesOf } from '../../support/stores.js';

/** How much the run log holds of a run. */
export async function logCopies(relay: Relay, runId: string): Promise<number> {
  const { databaseUrl, redis: settings } = storesOf(relay.variables);
  if (!settings) return (await relay.query('SELECT 1 FROM run_log_entries WHERE run_id = $1', [runId])).length;
  const redis = new Redis(settings.url ?? '');
  try {
    return await redis.exists((await redisNames(databaseUrl)).log(runId));
  } finally {
    redis.disconnect();
  }
}
