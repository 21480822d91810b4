import type { Queryable } from '../platform/database.js';
import { int, nullable, prepared, query, text } from '../platform/statement.js';
import type { Owner } from '../runs/release.js';
import { settleUnheld } from '../runs/settle.js';

/** What a stop request met. `workerId` is the worker that has to stop it. */
export type StopResult =
  | { readonly met: 'settled' }
  | { readonly met: 'queued'; readonly owner: Owner }
  | { readonly met: 'working'; readonly workerId: string };

const STOP = prepared(
  'run-stop',
  `UPDATE runs SET stop_requested_at = coalesce(stop_requested_at, now())
   WHERE id = $1 AND state IN ('queued', 'working')
   RETURNING state, fence, thread_id, worker_id, tenant_id, owner_id`,
  {
    state: text<'queued' | 'working'>(),
    fence: int(),
    thread_id: nullable(text()),
    worker_id: nullable(text()),
    tenant_id: text(),
    owner_id: text(),
  },
);

/**
 * Asks for the end of a run, whatever state it is in: a queued one is cancelled here, marker included; a working one
 * is marked, and its worker finds the mark at its next beat at the latest. A stop of a settled run changes nothing.
 */
export async function requestStop(db: Queryable, runId: string): Promise<StopResult> {
  for (;;) {
    const { rows } = await query(db, STOP, [runId]);
    const [run] = rows;
    if (!run) return { met: 'settled' };
    if (run.state === 'working') return { met: 'working', workerId: run.worker_id ?? '' };
    const queued = { runId, threadId: run.thread_id ?? '', fence: run.fence, state: 'queued' as const };
    if (await settleUnheld(db, queued, { state: 'cancelled' })) {
      return { met: 'queued', owner: { tenantId: run.tenant_id, ownerId: run.owner_id } };
    }
    // A worker claimed it between the two statements: ask again.
  }
}
