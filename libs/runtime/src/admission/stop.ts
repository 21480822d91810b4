import type { Queryable } from '../platform/database.js';
import { int, nullable, prepared, query, text } from '../platform/statement.js';
import type { Owner } from '../runs/release.js';
import type { Trigger } from '../runs/run.js';
import { settleUnheld } from '../runs/settle.js';

/** The outcome of a stop request. `workerId` is the worker that has to stop the run. */
export type StopResult =
  | { readonly met: 'settled' }
  | { readonly met: 'queued'; readonly owner: Owner; readonly trigger: Trigger }
  | { readonly met: 'working'; readonly workerId: string };

const STOP = prepared(
  'run-stop',
  `UPDATE runs SET stop_requested_at = coalesce(stop_requested_at, now())
   WHERE id = $1 AND state IN ('queued', 'working')
   RETURNING state, fence, thread_id, worker_id, tenant_id, owner_id, trigger`,
  {
    state: text<'queued' | 'working'>(),
    fence: int(),
    thread_id: nullable(text()),
    worker_id: nullable(text()),
    tenant_id: text(),
    owner_id: text(),
    trigger: text<Trigger>(),
  },
);

/**
 * Requests the stop of a run in any state: a queued run is cancelled here, and its marker stored; a working run
 * is flagged, and its worker finds the flag at its next beat at the latest. Stopping a settled run changes nothing.
 */
export async function requestStop(db: Queryable, runId: string): Promise<StopResult> {
  for (;;) {
    const { rows } = await query(db, STOP, [runId]);
    const [run] = rows;
    if (!run) return { met: 'settled' };
    if (run.state === 'working') return { met: 'working', workerId: run.worker_id ?? '' };
    const queued = { runId, threadId: run.thread_id ?? '', fence: run.fence, state: 'queued' as const };
    if (await settleUnheld(db, queued, { state: 'cancelled' })) {
      const { tenant_id: tenantId, owner_id: ownerId, trigger } = run;
      return { met: 'queued', owner: { tenantId, ownerId }, trigger };
    }
    // A worker claimed it between the two statements: try again.
  }
}
