import { forgetOldCalls } from '../calls/call-store.js';
import type { Database, Queryable } from '../platform/database.js';
import { bool, int, query, type RowOf, text, unprepared } from '../platform/statement.js';
import { forgetOldKeys } from './forget-old-keys.js';
import type { RunLimits } from '../runs/limits.js';
import { releaseForgotten } from '../runs/release.js';
import type { SettledRun } from '../monitoring/settled-runs.js';
import type { Outcome, Trigger } from '../runs/run.js';
import { settleUnheldMany } from '../runs/settle.js';
import { DISPATCH_GRACE_MS, MAX_ATTEMPTS } from '../platform/tunables.js';
import type { Dispatch } from '../jobs/run-queue.js';

/** An arbitrary number: all sweepers of a database must use the same one, and no other code may use it. */
export const SWEEP_LOCK = 7_246_001;

/** Limits the size of a statement's parameters. */
const SETTLED_AT_ONCE = 100;

const UNHELD = {
  runId: text(),
  threadId: text(),
  fence: int(),
  state: text<'queued' | 'working'>(),
  trigger: text<Trigger>(),
};
type Unheld = RowOf<typeof UNHELD>;

const DISPATCH = { runId: text(), fence: int(), dispatch: int() };

export interface Swept {
  /** Jobs to add. */
  readonly dispatches: readonly Dispatch[];
  /** Runs whose job was not claimed for a while: to be dispatched again when the queue does not have the job. */
  readonly unclaimed: readonly Dispatch[];
  /** Ended after their last attempt. */
  readonly failed: number;
  /** A stop was requested, and their worker is gone. */
  readonly cancelled: number;
  /** Ended because no worker took them in time. */
  readonly timedOut: number;
  /** All of these. */
  readonly ended: readonly SettledRun[];
  /** Assistant calls whose caller never took the reply. */
  readonly calls: number;
  /** Idempotency keys that are a day old. */
  readonly keys: number;
}

const LOCK = unprepared('sweep-lock', 'SELECT pg_try_advisory_xact_lock($1) AS mine', { mine: bool() });

const abandonedSql = (condition: string): string => `
  SELECT id AS "runId", coalesce(thread_id, '') AS "threadId", fence, state, trigger FROM runs
  WHERE state = 'working' AND lease_expires_at < now() AND ${condition}`;
const ABANDONED_STOPPED = unprepared('sweep-stopped', abandonedSql('stop_requested_at IS NOT NULL'), UNHELD);
const ABANDONED_EXHAUSTED = unprepared('sweep-exhausted', abandonedSql(`attempt >= ${MAX_ATTEMPTS}`), UNHELD);

/**
 * One round of recovery. Only one worker runs it at a time; undefined means that another one does. Every change is
 * compare-and-set, so the next round completes one that died half-way.
 */
export async function sweep(db: Database, limits: RunLimits): Promise<Swept | undefined> {
  return db.system.transaction(async (tx) => {
    const { rows } = await query(tx, LOCK, [SWEEP_LOCK]);
    if (!rows[0]?.mine) return undefined;
    const cancelled = await settleAll(db, tx, (await query(tx, ABANDONED_STOPPED)).rows, {
      state: 'cancelled',
    });
    const failed = await settleAll(db, tx, (await query(tx, ABANDONED_EXHAUSTED)).rows, {
      state: 'failed',
      errorCode: 'run.attempts_exhausted',
      errorDetail: `No worker finished it in ${MAX_ATTEMPTS} attempts.`,
    });
    const timedOut = await settleAll(db, tx, await overdue(tx, limits), {
      state: 'failed',
      errorCode: 'run.queue_timeout',
      errorDetail: `No worker took it within ${limits.maxQueueMs / 1000} s.`,
    });
    const dispatches = [...(await recoverAbandoned(tx)), ...(await releaseForgotten(tx, limits))];
    const [calls, keys] = [await forgetOldCalls(tx), await forgetOldKeys(tx)];
    return {
      dispatches,
      unclaimed: await findUnclaimed(tx),
      failed: failed.length,
      cancelled: cancelled.length,
      timedOut: timedOut.length,
      ended: [...failed, ...cancelled, ...timedOut],
      calls,
      keys,
    };
  });
}

const DISPATCH_AGAIN = unprepared(
  'run-dispatch-again',
  `UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
   WHERE id = $1 AND fence = $2 AND dispatch = $3 AND state = 'queued' RETURNING id AS "runId", fence, dispatch`,
  DISPATCH,
);

/** Raises the dispatch number of a run whose job is gone. Returns undefined when a worker has claimed it in the meantime. */
export async function dispatchAgain(db: Queryable, run: Dispatch): Promise<Dispatch | undefined> {
  const { rows } = await query(db, DISPATCH_AGAIN, [run.runId, run.fence, run.dispatch]);
  return rows[0];
}

const OVERDUE = unprepared(
  'sweep-overdue',
  `SELECT run.id AS "runId", coalesce(run.thread_id, '') AS "threadId", run.fence, run.state, run.trigger FROM runs AS run
   WHERE run.state = 'queued' AND run.created_at < now() - $1 * interval '1 ms'
     AND (run.started_at IS NULL OR run.dispatched_at < now() - $1 * interval '1 ms')
     AND (NOT run.takes_turn OR NOT EXISTS (
       SELECT 1 FROM runs AS other
       WHERE other.thread_id = run.thread_id AND other.takes_turn AND other.id <> run.id
         AND (other.state = 'working' OR (other.state = 'queued' AND other.trigger_position < run.trigger_position)
              OR other.settled_at > now() - $1 * interval '1 ms')))
   ORDER BY run.created_at LIMIT 1000`,
  UNHELD,
);

/**
 * Runs that have waited too long. The time that a turn waits for the turns before it in its thread does not count, nor
 * does the time before a planned hand-over.
 */
async function overdue(tx: Queryable, { maxQueueMs }: RunLimits): Promise<Unheld[]> {
  const { rows } = await query(tx, OVERDUE, [maxQueueMs]);
  return rows;
}

const KEEP_ALIVE = unprepared('sweep-keep-alive', 'SELECT 1');

/** Each batch has its own commit; between them a query keeps the session that holds the lock from idling. */
async function settleAll(
  db: Database,
  tx: Queryable,
  runs: readonly Unheld[],
  outcome: Outcome,
): Promise<SettledRun[]> {
  const settled: SettledRun[] = [];
  for (let first = 0; first < runs.length; first += SETTLED_AT_ONCE) {
    const some = runs.slice(first, first + SETTLED_AT_ONCE);
    const ids = await settleUnheldMany(db.system, some, outcome);
    settled.push(...some.filter(({ runId }) => ids.has(runId)).map(({ trigger }) => ({ ...outcome, trigger })));
    await query(tx, KEEP_ALIVE);
  }
  return settled;
}

const RECOVER = unprepared(
  'sweep-recover',
  `UPDATE runs SET dispatch = dispatch + 1, dispatched_at = now()
   WHERE id IN (
     SELECT id FROM runs
     WHERE state = 'working' AND lease_expires_at < now() AND attempt < $1 AND stop_requested_at IS NULL
       AND (dispatched_at IS NULL OR dispatched_at < lease_expires_at
            OR dispatched_at < now() - $2 * interval '1 ms')
     FOR UPDATE SKIP LOCKED)
   RETURNING id AS "runId", fence, dispatch`,
  DISPATCH,
);

/**
 * Dispatches every run whose lease has expired; again only when the last job was not claimed either. Skips locked rows:
 * a late beat may be renewing many of them, in another order.
 */
async function recoverAbandoned(tx: Queryable): Promise<Dispatch[]> {
  const { rows } = await query(tx, RECOVER, [MAX_ATTEMPTS, DISPATCH_GRACE_MS]);
  return rows;
}

const UNCLAIMED = unprepared(
  'sweep-unclaimed',
  `SELECT id AS "runId", fence, dispatch FROM runs
   WHERE state = 'queued' AND dispatched_at < now() - $1 * interval '1 ms' LIMIT 1000`,
  DISPATCH,
);

async function findUnclaimed(tx: Queryable): Promise<Dispatch[]> {
  const { rows } = await query(tx, UNCLAIMED, [DISPATCH_GRACE_MS]);
  return rows;
}
