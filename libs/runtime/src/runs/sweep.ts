import { forgetOldCalls } from '../calls/call-store.js';
import type { Database, Queryable } from '../platform/database.js';
import type { Dispatch } from './turn-request.js';
import { releaseForgotten } from './release.js';
import { settleUnheld } from './settle.js';
import { DISPATCH_GRACE_MS, MAX_ATTEMPTS } from './tunables.js';

/** Any number: all sweepers of a database must agree on it, and nobody else may use it. */
const SWEEP_LOCK = 7_246_001;

interface Unheld {
  runId: string;
  threadId: string;
  fence: number;
  state: 'working';
}

export interface Swept {
  /** Jobs to add. */
  readonly dispatches: readonly Dispatch[];
  /** Runs whose job nobody has claimed for a while: to be dispatched again when the queue does not know the job. */
  readonly unclaimed: readonly Dispatch[];
  readonly failed: number;
  readonly cancelled: number;
}

/**
 * One round of recovery. Only one worker does it at a time; undefined says that another one is at it. Everything is
 * compare-and-set, so a round that dies half-way leaves nothing that the next one does not finish.
 */
export async function sweep(db: Database): Promise<Swept | undefined> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [SWEEP_LOCK]);
    if (!rows[0]?.mine) return undefined;
    const cancelled = await settleAll(db, await abandoned(tx, 'stop_requested_at IS NOT NULL'), 'cancelled');
    const failed = await settleAll(db, await abandoned(tx, `attempt >= ${MAX_ATTEMPTS}`), 'failed');
    const dispatches = [...(await recoverAbandoned(tx)), ...(await releaseForgotten(tx))];
    await forgetOldCalls(tx);
    return { dispatches, unclaimed: await findUnclaimed(tx), failed, cancelled };
  });
}

/** Raises the dispatch number of a run whose job is gone. Undefined: somebody has claimed it in the meantime. */
export async function dispatchAgain(db: Queryable, run: Dispatch): Promise<Dispatch | undefined> {
  const { rows } = await db.query<Dispatch>(
    `UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
     WHERE id = $1 AND fence = $2 AND dispatch = $3 AND state = 'queued' RETURNING id AS "runId", fence, dispatch`,
    [run.runId, run.fence, run.dispatch],
  );
  return rows[0];
}

async function abandoned(tx: Queryable, condition: string): Promise<Unheld[]> {
  const { rows } = await tx.query<Unheld>(`
    SELECT id AS "runId", coalesce(thread_id, '') AS "threadId", fence, state FROM runs
    WHERE state = 'working' AND lease_expires_at < now() AND ${condition}`);
  return rows;
}

async function settleAll(db: Database, runs: readonly Unheld[], state: 'cancelled' | 'failed'): Promise<number> {
  let settled = 0;
  for (const run of runs) {
    const isOurs = await settleUnheld(
      db,
      run,
      state === 'failed'
        ? {
            state,
            errorCode: 'run.attempts_exhausted',
            errorDetail: `No worker finished it in ${MAX_ATTEMPTS} attempts.`,
          }
        : { state },
    );
    if (isOurs) settled++;
  }
  return settled;
}

/**
 * A job for every run whose lease is gone; again only when the last one was not claimed either. Skips the rows that
 * somebody is at: a late beat may be renewing many of them, in another order.
 */
async function recoverAbandoned(tx: Queryable): Promise<Dispatch[]> {
  const { rows } = await tx.query<Dispatch>(
    `UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
     WHERE id IN (
       SELECT id FROM runs
       WHERE state = 'working' AND lease_expires_at < now() AND attempt < $1 AND stop_requested_at IS NULL
         AND (dispatched_at IS NULL OR dispatched_at < lease_expires_at
              OR dispatched_at < now() - $2 * interval '1 ms')
       FOR UPDATE SKIP LOCKED)
     RETURNING id AS "runId", fence, dispatch`,
    [MAX_ATTEMPTS, DISPATCH_GRACE_MS],
  );
  return rows;
}

async function findUnclaimed(tx: Queryable): Promise<Dispatch[]> {
  const { rows } = await tx.query<Dispatch>(
    `SELECT id AS "runId", fence, dispatch FROM runs
     WHERE state = 'queued' AND dispatched_at < now() - $1 * interval '1 ms' LIMIT 1000`,
    [DISPATCH_GRACE_MS],
  );
  return rows;
}
