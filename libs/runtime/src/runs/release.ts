import type { Queryable } from '../platform/database.js';
import type { Dispatch } from './admit.js';

/** A turn may start when no other turn of its thread is working or on its way to a worker. */
const MAY_START = `
  run.state = 'queued' AND run.dispatched_at IS NULL AND (NOT run.takes_turn OR NOT EXISTS (
    SELECT 1 FROM runs AS other
    WHERE other.thread_id = run.thread_id AND other.takes_turn AND other.id <> run.id
      AND (other.state = 'working' OR (other.state = 'queued' AND other.dispatched_at IS NOT NULL))))`;

const RETURNING = `RETURNING runs.id AS "runId", runs.fence, runs.dispatch`;

/** Lets the oldest waiting run of a thread start, after its open turn has settled. */
export async function releaseNext(db: Queryable, threadId: string): Promise<Dispatch | undefined> {
  const { rows } = await db.query<Dispatch>({
    name: 'run-release-next',
    text: `
      UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
      WHERE id = (SELECT run.id FROM runs AS run WHERE run.thread_id = $1 AND ${MAY_START}
                  ORDER BY run.created_at, run.id LIMIT 1 FOR UPDATE SKIP LOCKED)
      ${RETURNING}`,
    values: [threadId],
  });
  return rows[0];
}

/** Releases whatever may start and was not released: the net under a process that died between two statements. */
export async function releaseForgotten(db: Queryable): Promise<Dispatch[]> {
  const { rows } = await db.query<Dispatch>(`
    UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
    WHERE id IN (SELECT DISTINCT ON (run.thread_id) run.id FROM runs AS run WHERE ${MAY_START}
                 ORDER BY run.thread_id, run.created_at, run.id)
    ${RETURNING}`);
  return rows;
}
