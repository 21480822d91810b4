import type { Queryable } from '../platform/database.js';
import type { Dispatch } from './turn-request.js';

/** A turn may start when no other turn of its thread is working or on its way to a worker. */
const MAY_START = `
  run.state = 'queued' AND run.dispatched_at IS NULL AND (NOT run.takes_turn OR NOT EXISTS (
    SELECT 1 FROM runs AS other
    WHERE other.thread_id = run.thread_id AND other.takes_turn AND other.id <> run.id
      AND (other.state = 'working' OR (other.state = 'queued' AND other.dispatched_at IS NOT NULL))))`;

/** In the order of the thread: a run's `created_at` is from before it got the thread's lock. */
const ORDER = 'run.trigger_position, run.created_at, run.id';

/** Asked again of the row itself: somebody may have released, claimed or cancelled it since it was chosen. */
const STILL_WAITS = `state = 'queued' AND dispatched_at IS NULL`;

const RETURNING = `RETURNING runs.id AS "runId", runs.fence, runs.dispatch`;

/** Lets the oldest waiting run of a thread start, after its open turn has settled. */
export async function releaseNext(db: Queryable, threadId: string): Promise<Dispatch | undefined> {
  const { rows } = await db.query<Dispatch>({
    name: 'run-release-next',
    text: `
      UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
      WHERE id = (SELECT run.id FROM runs AS run WHERE run.thread_id = $1 AND ${MAY_START}
                  ORDER BY ${ORDER} LIMIT 1) AND ${STILL_WAITS}
      ${RETURNING}`,
    values: [threadId],
  });
  return rows[0];
}

/** Releases whatever may start and was not released: the net under a process that died between two statements. */
export async function releaseForgotten(db: Queryable): Promise<Dispatch[]> {
  const { rows } = await db.query<Dispatch>(`
    UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
    WHERE id IN (SELECT DISTINCT ON (coalesce(run.thread_id, run.id)) run.id FROM runs AS run WHERE ${MAY_START}
                 ORDER BY coalesce(run.thread_id, run.id), ${ORDER}) AND ${STILL_WAITS}
    ${RETURNING}`);
  return rows;
}
