import { applyEvent, emptyThread, parseFrames, type ThreadItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import type { RunLog } from '../events/run-log.js';
import type { Database } from '../platform/database.js';
import { listWorkingRuns } from './load-run.js';
import type { Run } from '../runs/run.js';

/**
 * The items that live runs of a thread are at, as far as they have come, in the order in which they were announced.
 * They are in the log only: what is stored is finished. Read this before the stored items, and let those win: an item
 * that is finished in between is then in one of the two.
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

/** Of the attempt that holds the run: what earlier ones had begun is withdrawn. */
async function openItemsOf(log: RunLog, { id, fence }: Run): Promise<ThreadItem[]> {
  const entries = await log.readAfter(id, { fence, seq: 0 });
  const text = Buffer.concat(entries.map((entry) => entry.frames)).toString('utf8');
  const { open } = parseFrames(text).reduce(applyEvent, emptyThread);
  return [...open.values()].map(({ item }) => item);
}
