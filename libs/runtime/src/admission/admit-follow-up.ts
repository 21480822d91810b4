import { answerQuestions, type ItemOf, type ItemType, type ThreadItem, toPayload } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { type HistoryRow, toHistoryItem } from '../threads/rows.js';

import { createRun, takePosition } from './create-run.js';
import { assertNoOpenTurn } from './clear-thread.js';
import { assertUnused } from './idempotency.js';
import type { RunLimits } from '../runs/limits.js';
import type { RunRequest } from '../runs/run.js';
import type { ActionTurn, Admitted, FormTurn, RetryTurn, ToolOutputTurn } from './turn-request.js';

/**
 * The requests that bring no message of their own. Each runs in one transaction and locks the thread first; a refusal
 * rolls all of it back (ER-4). The run's place is a fresh position of the thread: what it makes comes after everything
 * that is there now, and before what the user writes while it works.
 */

/** How many of the newest items are looked through for calls that nobody will answer any more (TC-8). */
const FORGOTTEN_CALLS_WITHIN = 20;

/** Deletes what came after a user message, whatever it is, and answers the message again (RQ-12, GF-30). */
export async function admitRetry(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: RetryTurn,
): Promise<Admitted> {
  const position = await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  const target = await loadTarget(tx, turn.threadId, turn.itemId);
  const message = ofKind(target.item, 'user_message');
  await assertNoOpenTurn(tx, turn.threadId);
  await tx.query(`DELETE FROM items WHERE thread_id = $1 AND position > $2`, [turn.threadId, target.position]);
  const { model, tool_choice: toolChoice } = message.inference_options;
  const request = { model, toolChoice: toolChoice?.id };
  return {
    dispatch: await createRun(tx, limits, auth, turn, {
      position,
      triggerItemId: message.id,
      request,
      takesTurn: true,
    }),
  };
}

/** Completes the call that the thread ends in, without any event for it, and lets the turn go on (TC-3 to TC-8). */
export async function admitToolOutput(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: ToolOutputTurn,
): Promise<Admitted> {
  const position = await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  const [newest, ...older] = await loadNewest(tx, turn.threadId);
  const call = newest?.item;
  if (!newest || !call || !isPendingCall(call)) {
    throw new AppError('tool_call.not_pending', 'The thread does not end in a tool call that waits for its output.');
  }
  await assertNoOpenTurn(tx, turn.threadId);
  // A null result is an absent output (TC-5).
  await replace(tx, { ...call, status: 'completed', output: turn.result ?? undefined });
  const forgotten = older.filter(({ item }) => isPendingCall(item)).map(({ item }) => item.id);
  await tx.query(`DELETE FROM items WHERE thread_id = $1 AND id = ANY($2::text[])`, [turn.threadId, forgotten]);
  const request = await requestOf(tx, newest.runId);
  return {
    dispatch: await createRun(tx, limits, auth, turn, { position, triggerItemId: call.id, request, takesTurn: true }),
  };
}

/** Puts the answers into a form; they stay when the model fails (SI-2 to SI-6). */
export async function admitForm(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: FormTurn,
): Promise<Admitted> {
  const position = await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  const target = await loadTarget(tx, turn.threadId, turn.itemId);
  const form = ofKind(target.item, 'structured_input');
  if (form.status !== 'pending') {
    throw new AppError('form.not_pending', `The form ${form.id} has been answered already.`);
  }
  await assertNoOpenTurn(tx, turn.threadId);
  const replaced = answerQuestions(form, turn.submission);
  await replace(tx, replaced);
  const request = await requestOf(tx, target.runId);
  const run = { position, triggerItemId: form.id, request, takesTurn: true };
  return { dispatch: await createRun(tx, limits, auth, turn, run), replaced };
}

/** A click in a widget, or from no item at all; goes beside an open turn (RQ-18, GF-40). */
export async function admitAction(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: ActionTurn,
): Promise<Admitted> {
  const { itemId, action } = turn;
  const position = await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  if (itemId !== undefined) ofKind((await loadTarget(tx, turn.threadId, itemId)).item, 'widget');
  const run = { position, triggerItemId: itemId ?? null, request: { action, itemId }, takesTurn: false };
  return { dispatch: await createRun(tx, limits, auth, turn, run) };
}

interface Target {
  readonly item: ThreadItem;
  readonly position: string;
  readonly runId: string | null;
}

type TargetRow = HistoryRow & { readonly position: string; readonly run_id: string | null };

const toTarget = (row: TargetRow): Target => ({ item: toHistoryItem(row), position: row.position, runId: row.run_id });

async function loadTarget(tx: Queryable, threadId: string, itemId: string): Promise<Target> {
  const { rows } = await tx.query<TargetRow>({
    name: 'admit-target',
    text: `SELECT id, thread_id, created_at, payload, position, run_id FROM items WHERE thread_id = $1 AND id = $2`,
    values: [threadId, itemId],
  });
  const [row] = rows;
  if (!row) throw new AppError('item.not_found', `There is no item ${itemId} in thread ${threadId}.`);
  return toTarget(row);
}

async function loadNewest(tx: Queryable, threadId: string): Promise<Target[]> {
  const { rows } = await tx.query<TargetRow>({
    name: 'admit-newest',
    text: `SELECT id, thread_id, created_at, payload, position, run_id FROM items WHERE thread_id = $1
           ORDER BY position DESC LIMIT $2`,
    values: [threadId, FORGOTTEN_CALLS_WITHIN],
  });
  return rows.map(toTarget);
}

function ofKind<Type extends ItemType>(item: ThreadItem, type: Type): ItemOf<Type> {
  if (item.type !== type) throw new AppError('item.wrong_kind', `The item ${item.id} is no ${type}.`);
  return item as ItemOf<Type>;
}

const isPendingCall = (item: ThreadItem): item is ItemOf<'client_tool_call'> =>
  item.type === 'client_tool_call' && item.status === 'pending';

async function replace(tx: Queryable, item: ThreadItem): Promise<void> {
  await tx.query({
    name: 'admit-replace',
    text: `UPDATE items SET payload = $3::json WHERE thread_id = $1 AND id = $2`,
    values: [item.thread_id, item.id, JSON.stringify(toPayload(item))],
  });
}

/** The turn that asked goes on with its model. Not with its tool choice: that was for the question. */
async function requestOf(tx: Queryable, runId: string | null): Promise<RunRequest> {
  if (runId === null) return {};
  const { rows } = await tx.query<{ request: RunRequest }>({
    name: 'admit-asking-run',
    text: `SELECT request FROM runs WHERE id = $1`,
    values: [runId],
  });
  return { model: rows[0]?.request.model };
}
