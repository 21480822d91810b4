import type { EventEngine } from '../events/event-engine.js';
import type { Database } from '../platform/database.js';
import { countingBacklog } from './backlog.js';
import type { Metrics } from './metrics.js';

/**
 * The open runs of the whole installation: every process that has these metrics reports the same values, so a query takes the
 * maximum. Without samples while Postgres does not answer: an old count would look like a fresh one.
 */
export function watchBacklog(metrics: Metrics, database: Pick<Database, 'system'>, engine: EventEngine): void {
  const count = countingBacklog(database.system, engine.cache);
  // Both gauges ask, and share the answer: one that the other sets would be a scrape behind.
  const look = () => count().catch(() => undefined);
  const oldest = metrics.gauge(
    {
      name: 'chatkit_relay_oldest_ready_run_seconds',
      help: 'How long the oldest run that may start has waited for a worker, in the whole installation.',
    },
    async () => {
      const backlog = await look();
      oldest.remove();
      if (backlog) oldest.set(backlog.oldestReadySeconds);
    },
  );
  const runs = metrics.gauge(
    {
      name: 'chatkit_relay_open_runs',
      help: 'Open runs of the whole installation: ready (may start, no worker has taken them), waiting (for their thread or a limit), working.',
      labels: ['state'],
    },
    async () => {
      const backlog = await look();
      runs.reset();
      if (!backlog) return;
      for (const state of ['ready', 'waiting', 'working'] as const) runs.set({ state }, backlog[state]);
    },
  );
}
