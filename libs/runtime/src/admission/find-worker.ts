import type { Queryable } from '../platform/database.js';

/** The worker that is at a run, or undefined. */
export async function findWorker(db: Queryable, runId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ worker: string | null }>({
    name: 'run-worker',
    text: `SELECT worker_id AS worker FROM runs WHERE id = $1 AND state = 'working'`,
    values: [runId],
  });
  return rows[0]?.worker ?? undefined;
}
