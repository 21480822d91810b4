import { openCluster, openServer, type RedisClient, type RedisSettings } from '#runtime';
import { type Finding, skip } from '../finding.js';
import type { Installation } from '../installation.js';

const PATIENCE_MS = 8_000;

const OPTIONS = {
  lazyConnect: true,
  connectTimeout: PATIENCE_MS,
  commandTimeout: PATIENCE_MS,
  maxRetriesPerRequest: 0,
  connectionName: 'chatkit-relay doctor',
};

/** Gives up at the first failure. */
function openRedis(settings: RedisSettings): RedisClient {
  if (settings.clusterNodes === undefined) {
    return openServer(settings, { ...OPTIONS, retryStrategy: () => null, sentinelRetryStrategy: () => null });
  }
  return openCluster(settings, OPTIONS, {
    lazyConnect: true,
    shardedSubscribers: true,
    clusterRetryStrategy: () => null,
  });
}

/** @throws the reason why it cannot be reached */
export async function connectRedis(settings: RedisSettings): Promise<RedisClient> {
  const redis = openRedis(settings);
  let reason: unknown; // connect() itself only reports that the connection is closed
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw causeOf(reason ?? error);
  }
}

/** Looks at Redis; that it cannot be reached is the finding of the check `redis`. */
export async function withRedis(
  { redis: settings }: Installation,
  look: (redis: RedisClient) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  if (settings === undefined) return [];
  const redis = await connectRedis(settings).catch(() => undefined);
  if (!redis) return [skip('Redis cannot be reached.')];
  try {
    return await look(redis);
  } finally {
    redis.disconnect();
  }
}

/** A cluster says that it could not be asked; why, its last node has said. */
const causeOf = (error: unknown): unknown => (error as { readonly lastNodeError?: unknown }).lastNodeError ?? error;
