import { PostgresResponseCache } from '../../cache/postgres-response-cache.js';
import type { Database } from '../../platform/database.js';
import { PostgresPolicyState } from '../../policy-state/postgres-policy-state.js';
import type { EventEngine } from '../event-engine.js';
import { Listener } from './listener.js';
import { PostgresRunBus } from './postgres-run-bus.js';
import { PostgresRunLog } from './postgres-run-log.js';

/**
 * The engine of an installation without Redis: unlogged tables for the log, NOTIFY for the bus. LISTEN has its own
 * connection, since a pooled one may be given to another query.
 */
export async function connectPostgresEngine(
  database: Database,
  url: string,
  onError: (error: Error) => void,
): Promise<EventEngine> {
  const listener = new Listener(url, onError);
  await listener.connect();
  const log = new PostgresRunLog(database.system);
  const policies = new PostgresPolicyState(database.system);
  const cache = new PostgresResponseCache(database.system);
  return {
    kind: 'postgres',
    log,
    bus: new PostgresRunBus(database.system, listener),
    cache,
    policies,
    isReady: () => listener.isConnected(),
    // Postgres itself is away then, which refuses a message in any case.
    untilReady: async () => listener.isConnected(),
    ping: () => database.ping(),
    // Its tables are Postgres' own.
    findTexts: async () => [],
    removeExpired: async () => {
      const logs = await log.removeExpired();
      await cache.removeExpired();
      await policies.removeExpired();
      return logs;
    },
    close: () => listener.close(),
  };
}
