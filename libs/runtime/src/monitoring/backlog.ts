import { z } from 'zod';
import type { ResponseCache } from '../cache/response-cache.js';
import { keptFor } from '../platform/kept-for.js';
import type { Queryable } from '../platform/database.js';
import { bigint, float, query, unprepared } from '../platform/statement.js';

/** The open runs of the whole installation. */
const Backlog = z.object({
  /** Have a job, and wait for a worker. */
  ready: z.number(),
  /** Wait for their thread, or for room under their owner's limits. */
  waiting: z.number(),
  working: z.number(),
  /** Of the working ones, those whose lease is over: their worker is gone, or does not answer. */
  overdue: z.number(),
  /** How long the oldest of the ready ones has had its job; 0 without any. */
  oldestReadySeconds: z.number(),
});
export type Backlog = z.output<typeof Backlog>;

/** All processes together count once in this time, however many there are and however often each is scraped. */
const COUNTED_EVERY_SECONDS = 5;
const KEY = 'backlog';

const COUNT = unprepared(
  'backlog-count',
  `SELECT count(*) FILTER (WHERE state = 'queued' AND dispatched_at IS NOT NULL) AS ready,
          count(*) FILTER (WHERE state = 'queued' AND dispatched_at IS NULL) AS waiting,
          count(*) FILTER (WHERE state = 'working') AS working,
          count(*) FILTER (WHERE state = 'working' AND lease_expires_at < now()) AS overdue,
          coalesce(extract(epoch FROM now() - min(dispatched_at) FILTER (WHERE state = 'queued')), 0)::float8
            AS "oldestReady"
   FROM runs WHERE settled_at IS NULL`,
  { ready: bigint(), waiting: bigint(), working: bigint(), overdue: bigint(), oldestReady: float() },
);

/** Counts what the processes then share through the cache. Without the cache each process counts for itself, as rarely. */
export function countingBacklog(db: Queryable, cache: Pick<ResponseCache, 'get' | 'set'>): () => Promise<Backlog> {
  return keptFor(COUNTED_EVERY_SECONDS * 1_000, async () => {
    const shared = await cache.get(KEY).catch(() => undefined);
    if (shared !== undefined) return Backlog.parse(JSON.parse(shared));
    const counted = await countBacklog(db);
    await cache.set(KEY, JSON.stringify(counted), COUNTED_EVERY_SECONDS).catch(() => undefined);
    return counted;
  });
}

export async function countBacklog(db: Queryable): Promise<Backlog> {
  const { rows } = await query(db, COUNT);
  const [row] = rows;
  if (!row) throw new Error('a count has one row');
  return {
    ready: Number(row.ready),
    waiting: Number(row.waiting),
    working: Number(row.working),
    overdue: Number(row.overdue),
    oldestReadySeconds: Math.max(0, row.oldestReady),
  };
}
