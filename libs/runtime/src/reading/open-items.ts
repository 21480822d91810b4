import { applyEvent, emptyThread, parseFrames, type ThreadItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import type { RunLog } from '../events/run-log.js';
import type { Database } from '../platform/database.js';
import { listWorkingRuns } from './load-run.js';
import type { Run } from '../runs/run.js';

/**
 * The unfinished items of live runs of a thread, in their current state and in the order in which they were announced.
 * They are in the log only: stored items are finished. Read this before the stored items, and prefer those: an item
 * that is finished in between is then in at least one of the two.
 */
export async function loadOpenItems(
  db: Database,
  log: RunLog,
  auth: AuthContext,
  threadId: string,
): Promise<ThreadItem[]> {
  const runs = await listWorkingRuns(db, auth, threadId);
  const items = await Promise.all(runs.map((run) => openItemsOf(log, run)));
  return items.flat();
}

/** Only items of the current attempt: those that earlier ones had begun are withdrawn. */
async function openItemsOf(log: RunLog, { id, fence }: Run): Promise<ThreadItem[]> {
  const entries = await log.readAfter(id, { fence, seq: 0 });
  const text = Buffer.concat(entries.map((entry) => entry.frames)).toString('utf8');
  const { open } = parseFrames(text).reduce(applyEvent, emptyThread);
  return [...open.values()].map(({ item }) => item);
}
