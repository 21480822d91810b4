import type { Queryable } from '../platform/database.js';
import { int, query, text, unprepared } from '../platform/statement.js';
import type { Dispatch } from '../jobs/run-queue.js';
import { attemptEnded, HANDED_OVER } from './claim-notes.js';

const HAND_OVER = unprepared(
  'run-hand-over',
  `UPDATE runs SET state = 'queued', fence = fence + 1, attempt = attempt - 1, worker_id = NULL,
                   lease_expires_at = NULL, dispatch = dispatch + 1, dispatched_at = now(),
                   claims = ${attemptEnded('$3::text')}
   WHERE id = $1 AND fence = coalesce($2::int, fence) AND state = 'working' RETURNING id AS "runId", fence, dispatch`,
  { runId: text(), fence: int(), dispatch: int() },
);

/**
 * Returns a working run to `queued` under the next fence: the worker that claims it starts the turn again, and later writes of the
 * former holder are refused; a message or its next beat tells it, where it is not itself what hands it over. The attempt that the claim counted is
 * subtracted. Without a `fence` it is taken from whoever holds it. Returns the job to add; undefined if it is not working.
 */
export async function handOver(db: Queryable, runId: string, fence?: number): Promise<Dispatch | undefined> {
  const { rows } = await query(db, HAND_OVER, [runId, fence ?? null, fence === undefined ? 'released' : HANDED_OVER]);
  return rows[0];
}
