import type { EventEngine } from '../events/event-engine.js';
import type { Database } from '../platform/database.js';
import type { Metrics } from './metrics.js';
import { STORES, type StoreChecks } from './store-checks.js';

interface Stores {
  readonly checks: Pick<StoreChecks, 'look'>;
  readonly engine: Pick<EventEngine, 'kind'>;
  readonly database: Pick<Database, 'pool'>;
}

/** The stores as this process reaches them, and its pool of connections; looked at when somebody scrapes. */
export function watchStores(metrics: Metrics, { checks, engine, database: { pool } }: Stores): void {
  const engineOf = { postgres: 'postgres', events: engine.kind, queue: engine.kind } as const;
  // Each asks by itself, and the checks answer both at once: a gauge that another one sets would be a scrape behind.
  const ping = metrics.gauge(
    {
      name: 'chatkit_relay_store_ping_seconds',
      help: 'Time that the last check of a store took.',
      labels: ['store', 'engine'],
    },
    async () => {
      const states = await checks.look();
      for (const store of STORES) ping.set({ store, engine: engineOf[store] }, states[store].seconds);
    },
  );
  const up = metrics.gauge(
    {
      name: 'chatkit_relay_store_up',
      help: 'Whether this process reaches a store: 1 or 0. The stores are postgres, events (run log and bus) and queue.',
      labels: ['store', 'engine'],
    },
    async () => {
      const states = await checks.look();
      for (const store of STORES) up.set({ store, engine: engineOf[store] }, states[store].ok ? 1 : 0);
    },
  );
  const connections = metrics.gauge(
    {
      name: 'chatkit_relay_database_connections',
      help: 'Connections of the pool to Postgres, by what they do: busy or idle.',
      labels: ['state'],
    },
    () => {
      connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      connections.set({ state: 'idle' }, pool.idleCount);
    },
  );
  metrics
    .gauge({
      name: 'chatkit_relay_database_connections_max',
      help: 'Connections that the pool to Postgres may open.',
    })
    .set(pool.options.max);
  const waiting = metrics.gauge(
    {
      name: 'chatkit_relay_database_waiting_statements',
      help: 'Statements that wait for a connection of the pool.',
    },
    () => {
      waiting.set(pool.waitingCount);
    },
  );
}
