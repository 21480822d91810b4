import { createPostgresBackend, type QueueOptions, setDefaultBackendFactory } from 'bullmq';

const POSTGRES_SCHEMA = 'bullmq';
const POSTGRES_CONNECTIONS = 5;

/**
 * How BullMQ reaches its store: Redis in production, its own Postgres backend where there is no Redis. Chooses the
 * backend for this process, so call it before a queue or a worker is made.
 */
export function queueConnection(urls: {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
}): QueueOptions['connection'] {
  if (urls.redisUrl !== undefined) {
    setDefaultBackendFactory(undefined);
    return { url: urls.redisUrl, maxRetriesPerRequest: null };
  }
  setDefaultBackendFactory(createPostgresBackend);
  const connection = {
    connectionString: urls.databaseUrl,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: POSTGRES_CONNECTIONS,
  };
  // BullMQ types the option for Redis, whatever the backend.
  return connection as QueueOptions['connection'];
}
