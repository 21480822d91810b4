import type { Queryable } from '../platform/database.js';
import { nullable, prepared, query, text } from '../platform/statement.js';

const WORKER = prepared('run-worker', `SELECT worker_id AS worker FROM runs WHERE id = $1 AND state = 'working'`, {
  worker: nullable(text()),
});

/** The worker that holds a run, or undefined. */
export async function findWorker(db: Queryable, runId: string): Promise<string | undefined> {
  const { rows } = await query(db, WORKER, [runId]);
  return rows[0]?.worker ?? undefined;
}
