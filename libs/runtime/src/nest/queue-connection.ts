import { createPostgresBackend, type QueueOptions, setDefaultBackendFactory } from 'bullmq';
import { IDLE_IN_TRANSACTION_MS } from '../platform/database.js';

const POSTGRES_SCHEMA = 'bullmq';
const POSTGRES_CONNECTIONS = 5;

const RECONNECT_AT_LEAST_EVERY_MS = 1_000;

/** Longer than BullMQ ever blocks for a job: a connection that is silent for so long is lost. */
const SOCKET_TIMEOUT_MS = 15_000;

/**
 * How BullMQ connects to its store: Redis in production, its own Postgres backend where there is no Redis. Selects the
 * backend for this process, so call it before a queue or a worker is created.
 */
export function queueConnection(urls: {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
}): QueueOptions['connection'] {
  if (urls.redisUrl !== undefined) {
    setDefaultBackendFactory(undefined);
    return {
      url: urls.redisUrl,
      maxRetriesPerRequest: null,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // BullMQ's own strategy waits up to 20 s between two tries, in which a recovered Redis would be unused.
      retryStrategy: (tries: number) => Math.min(tries * 50, RECONNECT_AT_LEAST_EVERY_MS),
      reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    };
  }
  setDefaultBackendFactory(createPostgresBackend);
  const connection = {
    connectionString: urls.databaseUrl,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: POSTGRES_CONNECTIONS,
    options: '-c timezone=UTC',
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
  // BullMQ types the option for Redis, regardless of the backend.
  return connection;
}
