import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { bool, nullable, query, text, unprepared } from '../platform/statement.js';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../threads/page-size.js';
import { ITEM_COLUMNS, itemColumnsSql, toItem } from '../threads/rows.js';

/** What a run was about and what it left, oldest first. */
export interface RunContent {
  readonly tenantId: string;
  readonly ownerId: string;
  readonly items: readonly ThreadItem[];
  /** There is more than one answer may hold. */
  readonly isCut: boolean;
}

const WHOSE = unprepared(
  'admin-run-thread',
  `SELECT tenant_id AS "tenantId", owner_id AS "ownerId", thread_id AS "threadId", trigger_item_id AS "triggerItemId"
   FROM runs WHERE id = $1`,
  { tenantId: text(), ownerId: text(), threadId: nullable(text()), triggerItemId: nullable(text()) },
);

/** $1 thread, $2 the item that was answered, $3 the run. */
const ITEMS = unprepared(
  'admin-run-content',
  `SELECT ${itemColumnsSql}, coalesce(fits, true) AS fits FROM (
     SELECT ${itemColumnsSql}, position, nth, nth = 1 OR total <= ${MAX_PAGE_BYTES} AS fits FROM (
       SELECT ${itemColumnsSql}, position, row_number() OVER (ORDER BY position) AS nth,
              sum(octet_length(payload::text)) OVER (ORDER BY position) AS total
       FROM (SELECT ${itemColumnsSql}, position FROM items WHERE thread_id = $1 AND id = $2
             UNION ALL
             SELECT ${itemColumnsSql}, position FROM items WHERE run_id = $3 AND fence IS NOT NULL
             LIMIT ${MAX_PAGE_ROWS}) AS item
     ) AS summed
   ) AS judged ORDER BY position`,
  { ...ITEM_COLUMNS, fits: bool() },
);

/** The messages of a run, whosever it is; undefined if there is no such run. A completion leaves none. */
export async function loadRunContent(db: Queryable, runId: string): Promise<RunContent | undefined> {
  const [run] = (await query(db, WHOSE, [runId])).rows;
  if (!run) return undefined;
  const { tenantId, ownerId, threadId, triggerItemId } = run;
  const { rows } = await query(db, ITEMS, [threadId, triggerItemId, runId]);
  const fitting = rows.filter(({ fits }) => fits);
  return { tenantId, ownerId, items: fitting.map(toItem), isCut: fitting.length < rows.length };
}
