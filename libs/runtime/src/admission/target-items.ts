import { type ItemOf, type ItemType, type ThreadItem, toPayload } from '#chatkit';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { bigint, json, nullable, prepared, query, type RowOf, text } from '../platform/statement.js';
import type { RunRequest } from '../runs/run.js';
import { ITEM_COLUMNS, toItem } from '../threads/rows.js';

/** How many of the newest items are searched for tool calls that will not be answered any more [TC-8]. */
const FORGOTTEN_CALLS_WITHIN = 20;

/** An item that a request is about, its place in the thread, and the run that made it. */
export interface Target {
  readonly item: ThreadItem;
  readonly position: string;
  readonly runId: string | null;
}

const TARGET = {
  ...ITEM_COLUMNS,
  position: bigint(),
  run_id: nullable(text()),
};
const columns = Object.keys(TARGET).join(', ');
const LOAD_TARGET = prepared('admit-target', `SELECT ${columns} FROM items WHERE thread_id = $1 AND id = $2`, TARGET);
const LOAD_NEWEST = prepared(
  'admit-newest',
  `SELECT ${columns} FROM items WHERE thread_id = $1 ORDER BY position DESC LIMIT $2`,
  TARGET,
);

const toTarget = (row: RowOf<typeof TARGET>): Target => ({
  item: toItem(row),
  position: row.position,
  runId: row.run_id,
});

export async function loadTarget(tx: Queryable, threadId: string, itemId: string): Promise<Target> {
  const { rows } = await query(tx, LOAD_TARGET, [threadId, itemId]);
  const [row] = rows;
  if (!row) throw new AppError('item.not_found', `There is no item ${itemId} in thread ${threadId}.`);
  return toTarget(row);
}

export async function loadNewest(tx: Queryable, threadId: string): Promise<Target[]> {
  const { rows } = await query(tx, LOAD_NEWEST, [threadId, FORGOTTEN_CALLS_WITHIN]);
  return rows.map(toTarget);
}

export function ofKind<Type extends ItemType>(item: ThreadItem, type: Type): ItemOf<Type> {
  if (item.type !== type) throw new AppError('item.wrong_kind', `The item ${item.id} is no ${type}.`);
  return item as ItemOf<Type>;
}

export const isPendingCall = (item: ThreadItem): item is ItemOf<'client_tool_call'> =>
  item.type === 'client_tool_call' && item.status === 'pending';

const REPLACE = prepared('admit-replace', 'UPDATE items SET payload = $3::json WHERE thread_id = $1 AND id = $2');

export async function replaceItem(tx: Queryable, item: ThreadItem): Promise<void> {
  await query(tx, REPLACE, [item.thread_id, item.id, JSON.stringify(toPayload(item))]);
}

const LOAD_REQUEST = prepared('admit-asking-run', 'SELECT request FROM runs WHERE id = $1', {
  request: json<RunRequest>(),
});

/** Continues with the model of the turn that made the tool call. Its tool choice is not reused: that was for the question. */
export async function requestOf(tx: Queryable, runId: string | null): Promise<RunRequest> {
  if (runId === null) return {};
  const { rows } = await query(tx, LOAD_REQUEST, [runId]);
  return { model: rows[0]?.request.model };
}
