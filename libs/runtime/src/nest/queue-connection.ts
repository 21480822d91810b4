import {
  createIORedisClient,
  createPostgresBackend,
  type QueueOptions,
  RedisConnection,
  setDefaultBackendFactory,
} from 'bullmq';
import { ConfigError } from '../environment/parse-environment.js';
import { directUrlOf } from '../platform/database-address.js';
import type { Queryable } from '../platform/database.js';
import type { RedisSettings } from '../environment/redis-settings.js';
import { schemaOf } from '../environment/schema-of.js';
import { QUEUE_CONNECTIONS } from '../platform/connections.js';
import { queueParameters, refusedParameters } from '../platform/startup-parameters.js';
import { isReadOnly, openCluster, openRedis, reconnectAfter, serverOptions } from '../redis/open-redis.js';
import { namesOf } from '../redis/names-of.js';
import type { StoreSettings } from './connect-event-engine.js';

/** Beside another schema of ours, so that two installations may share a database. */
const queueSchema = (schema = 'public'): string => (schema === 'public' ? 'bullmq' : `${schema}_bullmq`);

/** Longer than BullMQ ever blocks for a job: a connection that is silent for so long is lost. */
const SOCKET_TIMEOUT_MS = 15_000;

interface QueueSettings extends StoreSettings {
  /** Of the process, for its connections to Postgres. */
  readonly name?: string;
}

/**
 * How BullMQ connects to its store, and under which names its keys are: Redis in production, its own Postgres backend where there
 * is no Redis. Selects the backend for this process, so call it before a queue or a worker is created. Throws `ConfigError` where a
 * pooler would refuse its connections.
 */
export async function queueOptions(
  settings: QueueSettings,
  system: Queryable,
): Promise<Pick<QueueOptions, 'connection' | 'prefix'>> {
  const { redis } = settings;
  if (redis === undefined) {
    const refused = await refusedParameters(directUrlOf(settings));
    if (refused !== undefined) throw new ConfigError([`${POOLER_REFUSES} (${refused})`]);
    return { connection: postgresConnection(settings) };
  }
  return { connection: redisConnection(redis), prefix: (await namesOf(redis, system)).queues };
}

const POOLER_REFUSES =
  'DATABASE_URL: leads to a pooler that refuses what the queue sets at the start of a connection. Without Redis, set ' +
  'DATABASE_DIRECT_URL to the address of Postgres itself';

function redisConnection(settings: RedisSettings): QueueOptions['connection'] {
  setDefaultBackendFactory(undefined);
  // Its own would write each command alone.
  RedisConnection.clientFactory = ({ url, ...options }) => createIORedisClient(openRedis(url, options));
  const options = { maxRetriesPerRequest: null, socketTimeout: SOCKET_TIMEOUT_MS };
  // BullMQ makes connections of options, but to one server only.
  if (settings.clusterNodes) return openCluster(settings, options);
  return { ...serverOptions(settings), ...options, retryStrategy: reconnectAfter, reconnectOnError: isReadOnly };
}

function postgresConnection(settings: QueueSettings): QueueOptions['connection'] {
  setDefaultBackendFactory(createPostgresBackend);
  const connection = {
    connectionString: directUrlOf(settings),
    schema: queueSchema(schemaOf(settings.databaseUrl)),
    migrate: true,
    max: QUEUE_CONNECTIONS,
    ...(settings.name !== undefined && { application_name: `${settings.name} queue` }),
    ...queueParameters,
  };
  // BullMQ types the option for Redis, regardless of the backend.
  return connection;
}
