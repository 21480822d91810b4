import type { Queryable } from '../platform/database.js';
import { int, jsonb, nullable, query, text, timestamp, unprepared } from '../platform/statement.js';
import { CATALOGUE_PUBLISH_MS } from '../models/catalogue-store.js';
import { toWorkerLoad, type WorkerLoad } from '../models/worker-load.js';

/** More than any installation has. */
export const MAX_WORKERS = 1_000;

export interface Worker {
  readonly id: string;
  /** Runs that it holds, as Postgres knows it. */
  readonly working: number;
  /** Of them, those whose lease is over: the worker is gone, or does not answer. */
  readonly overdue: number;
  /** What the worker says of itself; absent if it has said nothing, or is gone. */
  readonly load?: WorkerLoad | undefined;
  readonly loadAt?: Date | undefined;
  readonly now: Date;
}

const LIST = unprepared(
  'admin-workers',
  `WITH known AS (
     SELECT worker_id, load, load_at FROM catalogues WHERE published_at > now() - $1 * interval '1 ms'
   ), held AS (
     SELECT worker_id, count(*)::int AS working, count(*) FILTER (WHERE lease_expires_at < now())::int AS overdue
     FROM runs WHERE state = 'working' GROUP BY worker_id
   )
   SELECT coalesce(worker_id, '') AS id, coalesce(held.working, 0) AS working, coalesce(held.overdue, 0) AS overdue,
          known.load, known.load_at AS "loadAt", clock_timestamp() AS now
   FROM known FULL JOIN held USING (worker_id) ORDER BY 1 LIMIT ${MAX_WORKERS}`,
  {
    id: text(),
    working: int(),
    overdue: int(),
    load: nullable(jsonb<unknown>()),
    loadAt: nullable(timestamp()),
    now: timestamp(),
  },
);

/** The live workers, and those that still hold runs. */
export async function listWorkers(db: Queryable): Promise<Worker[]> {
  const { rows } = await query(db, LIST, [3 * CATALOGUE_PUBLISH_MS]);
  return rows.map(({ load, loadAt, ...row }) => ({ ...row, load: toWorkerLoad(load), loadAt: loadAt ?? undefined }));
}
