import { newId, type ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import type { BatchWork } from '../platform/batcher.js';
import { query, unprepared } from '../platform/statement.js';
import type { Claim, Outcome } from './run.js';
import { settleRuns, type RunEnding, type StoredTimes } from './settle-statement.js';

/**
 * Settles runs that their workers hold, several in one statement. Returns undefined when another worker has the run by now,
 * and nothing was written.
 */
export const settleBatch = (db: Queryable): BatchWork<RunEnding, StoredTimes | undefined> => ({
  async together(endings) {
    const chosen = onePerThread(endings);
    const settled = await settleRuns(db, chosen, { waits: false });
    return new Map(
      chosen.flatMap((ending) => {
        const times = settled.get(ending.run.runId);
        return times ? [[ending, times]] : [];
      }),
    );
  },
  alone: (ending) => settleOne(db, ending),
});

function onePerThread(endings: readonly RunEnding[]): RunEnding[] {
  const seen = new Set<string>();
  return endings.filter(({ run: { threadId, runId } }) => {
    const key = threadId || runId;
    return !seen.has(key) && seen.add(key);
  });
}

const SETTLED_AS = unprepared('run-settled-as', 'SELECT 1 FROM runs WHERE id = $1 AND fence = $2 AND state = $3');

/**
 * Whether a run has ended with the outcome that its holder wanted, under the holder's fence, as after a settle whose
 * reply was lost.
 */
export async function isSettledAs(db: Queryable, held: Claim, state: Outcome['state']): Promise<boolean> {
  const { rowCount } = await query(db, SETTLED_AS, [held.runId, held.fence, state]);
  return rowCount === 1;
}

/** Ends a run that no worker holds: a queued one, or one whose last worker is gone. Returns false when its state has changed. */
export async function settleUnheld(db: Queryable, run: RunEnding['run'], outcome: Outcome): Promise<boolean> {
  return (await settleOne(db, unheld(run, outcome))) !== undefined;
}

/**
 * Like `settleUnheld`, for many at once. Skips rows that another transaction has locked, and all but one run of a thread: the
 * next sweep finds them. Returns the ids of those that it has ended.
 */
export async function settleUnheldMany(
  db: Queryable,
  runs: readonly RunEnding['run'][],
  outcome: Outcome,
): Promise<ReadonlySet<string>> {
  const endings = onePerThread(runs.map((run) => unheld(run, outcome)));
  const settled = await settleRuns(db, endings, { waits: false });
  return new Set(settled.keys());
}

const unheld = (run: RunEnding['run'], outcome: Outcome): RunEnding => ({
  run,
  outcome,
  lastItems: outcome.state === 'cancelled' && run.threadId ? [stopMarker(run.threadId)] : [],
});

/** Postgres reads this as the time of its transaction. For items that are shown to nobody before they are stored. */
const POSTGRES_NOW = 'now';

/** Informs only the model that the user stopped the answer [CX-3]. */
export function stopMarker(threadId: string): ThreadItem {
  return {
    type: 'sdk_hidden_context',
    id: newId('stop_marker'),
    thread_id: threadId,
    created_at: POSTGRES_NOW,
    content: 'The user stopped the previous response before it was finished. Do not go on with it unless asked to.',
  };
}

async function settleOne(db: Queryable, ending: RunEnding): Promise<StoredTimes | undefined> {
  const settled = await settleRuns(db, [ending], { waits: true });
  return settled.get(ending.run.runId);
}
