import { encodeEvent, type ThreadItem, type ThreadStreamEvent, visibleEvent } from '#chatkit';
import type { ShownItems } from './follower.js';
import type { RowAccess } from '../platform/database.js';
import { prepared, query } from '../platform/statement.js';
import { ITEM_COLUMNS, itemColumnsSql, toItem } from '../threads/rows.js';
import { loadSettledRun, type SettledRun } from './load-run.js';
import { errorEvent } from '../errors/run-error.js';

/**
 * The frames that bring a reader from what it has received to what a settled run left in Postgres: items that were
 * not stored are withdrawn, including finished ones of an earlier attempt; finished ones that it has not received are sent,
 * then the error, if there was one.
 */
export async function finishFromStore(
  db: RowAccess,
  runId: string,
  shown: ShownItems,
  showCauses: boolean,
): Promise<Buffer> {
  const settled = await loadSettledRun(db, runId);
  const seen = new Set([...shown.open, ...shown.closed]);
  const items = settled ? [...settled.items, ...(await loadOthers(db, settled, seen))] : [];
  const kept = new Set(items.map((item) => item.id));
  const events: ThreadStreamEvent[] = [];
  for (const id of seen) if (!kept.has(id)) events.push({ type: 'thread.item.removed', item_id: id });
  if (settled && (await wasRolledBack(db, settled.run))) {
    events.push({ type: 'thread.item.removed', item_id: settled.run.triggerItemId ?? '' });
  }
  for (const item of items) if (!shown.closed.has(item.id)) events.push({ type: 'thread.item.done', item });
  if (settled?.run.state === 'failed') {
    const { errorCode, errorDetail, userError } = settled.run;
    events.push(errorEvent(errorCode ?? 'run.internal', errorDetail ?? undefined, showCauses, userError ?? undefined));
  }
  return Buffer.from(
    events
      .map((event) => visibleEvent(event))
      .map((event) => (event ? encodeEvent(event) : ''))
      .join(''),
  );
}

/** The message that a cancelled run answers is gone when a later one has taken its place. */
async function wasRolledBack(db: RowAccess, { state, threadId, triggerItemId }: SettledRun['run']): Promise<boolean> {
  if (state !== 'cancelled' || triggerItemId === null) return false;
  return (await db.prisma((prisma) => prisma.item.count({ where: { threadId, id: triggerItemId } }))) === 0;
}

const LOAD_OTHERS = prepared(
  'items-of-ids',
  `SELECT ${itemColumnsSql} FROM items WHERE thread_id = $1 AND id = ANY($2::text[])`,
  ITEM_COLUMNS,
);

/** Items that the run showed but did not create: items of earlier runs that it changed. */
async function loadOthers(db: RowAccess, { run, items }: SettledRun, seen: ReadonlySet<string>): Promise<ThreadItem[]> {
  const own = new Set(items.map((item) => item.id));
  const ids = [...seen].filter((id) => !own.has(id));
  if (ids.length === 0) return [];
  const { rows } = await query(db, LOAD_OTHERS, [run.threadId, ids]);
  return rows.map(toItem);
}
