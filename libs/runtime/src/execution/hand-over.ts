import type { Queryable } from '../platform/database.js';
import { int, query, text, unprepared } from '../platform/statement.js';
import type { Dispatch } from '../jobs/run-queue.js';
import type { Claim } from '../runs/run.js';

const HAND_OVER = unprepared(
  'run-hand-over',
  `UPDATE runs SET state = 'queued', fence = fence + 1, attempt = attempt - 1, worker_id = NULL,
                   lease_expires_at = NULL, dispatch = dispatch + 1, dispatched_at = now()
   WHERE id = $1 AND fence = $2 AND state = 'working' RETURNING id AS "runId", fence, dispatch`,
  { runId: text(), fence: int(), dispatch: int() },
);

/**
 * Returns a run to `queued` under the next fence: the worker that claims it starts the turn again, and later writes of the
 * former holder are refused. The attempt that the claim counted is subtracted.
 */
export async function handOver(db: Queryable, held: Claim): Promise<Dispatch | undefined> {
  const { rows } = await query(db, HAND_OVER, [held.runId, held.fence]);
  return rows[0];
}
