import { answerQuestions, type ItemOf, type ItemType } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';
import type { RunLimits } from '../runs/limits.js';
import { assertNoOpenTurn } from './apply-double-texting.js';
import { createRun, takePosition } from './create-run.js';
import { assertUnused } from './idempotency.js';
import { isPendingCall, loadNewest, loadTarget, ofKind, replaceItem, requestOf, type Target } from './target-items.js';
import type { ActionTurn, Admitted, FormTurn, RetryTurn, ToolOutputTurn, TurnRequest } from './turn-request.js';

/**
 * Admits requests that bring no message of their own. Each runs in one transaction and locks the thread first; a refusal
 * rolls all of it back [ER-4]. The run takes a fresh position in the thread: its output comes after everything that is
 * stored now, and before what the user writes while it works.
 */
export interface Admission {
  readonly tx: Queryable;
  readonly limits: RunLimits;
  readonly auth: AuthContext;
}

const DELETE_AFTER = unprepared('items-delete-after', 'DELETE FROM items WHERE thread_id = $1 AND position > $2');
const DELETE_ITEMS = unprepared('items-delete', 'DELETE FROM items WHERE thread_id = $1 AND id = ANY($2::text[])');

/** Deletes everything after a user message and answers the message again [RQ-12] [GF-30]. */
export async function admitRetry(within: Admission, turn: RetryTurn): Promise<Admitted> {
  const { tx, limits, auth } = within;
  const { position, item: message, target } = await lockItem(within, turn, 'user_message');
  await assertNoOpenTurn(tx, turn.threadId);
  if (turn.afterRun !== undefined) await assertLastTurn(tx, turn.threadId, turn.afterRun);
  await query(tx, DELETE_AFTER, [turn.threadId, target.position]);
  const { model, tool_choice: toolChoice } = message.inference_options;
  const run = { position, triggerItemId: message.id, request: { model, toolChoice: toolChoice?.id }, takesTurn: true };
  return { dispatch: await createRun(tx, limits, auth, turn, run) };
}

const LAST_TURN = unprepared(
  'admit-last-turn',
  'SELECT id FROM runs WHERE thread_id = $1 AND takes_turn ORDER BY trigger_position DESC LIMIT 1',
  { id: text() },
);

async function assertLastTurn(tx: Queryable, threadId: string, runId: string): Promise<void> {
  const { rows } = await query(tx, LAST_TURN, [threadId]);
  if (rows[0]?.id === runId) return;
  throw new AppError(
    'run.not_retryable',
    'The run cannot be answered again: it is not the last one of its conversation, and what came after it would be deleted.',
  );
}

/** Completes the tool call at the end of the thread, without an event for it, and continues the turn [TC-3] to [TC-8]. */
export async function admitToolOutput(within: Admission, turn: ToolOutputTurn): Promise<Admitted> {
  const { tx, limits, auth } = within;
  const position = await lockThread(within, turn);
  const [newest, ...older] = await loadNewest(tx, turn.threadId);
  const call = newest?.item;
  if (!newest || !call || !isPendingCall(call)) {
    throw new AppError('tool_call.not_pending', 'The thread does not end in a tool call that waits for its output.');
  }
  await assertNoOpenTurn(tx, turn.threadId);
  // A null result is an absent output [TC-5].
  await replaceItem(tx, { ...call, status: 'completed', output: turn.result ?? undefined });
  const forgotten = older.filter(({ item }) => isPendingCall(item)).map(({ item }) => item.id);
  await query(tx, DELETE_ITEMS, [turn.threadId, forgotten]);
  const run = { position, triggerItemId: call.id, request: await requestOf(tx, newest.runId), takesTurn: true };
  return { dispatch: await createRun(tx, limits, auth, turn, run) };
}

/** Writes the answers into a form; they remain when the model fails [SI-2] to [SI-6]. */
export async function admitForm(within: Admission, turn: FormTurn): Promise<Admitted> {
  const { tx, limits, auth } = within;
  const { position, item: form, target } = await lockItem(within, turn, 'structured_input');
  if (form.status !== 'pending') {
    throw new AppError('form.not_pending', `The form ${form.id} has been answered already.`);
  }
  await assertNoOpenTurn(tx, turn.threadId);
  const replaced = answerQuestions(form, turn.submission);
  await replaceItem(tx, replaced);
  const run = { position, triggerItemId: form.id, request: await requestOf(tx, target.runId), takesTurn: true };
  return { dispatch: await createRun(tx, limits, auth, turn, run), replaced };
}

/** A click in a widget, or an action without an item; runs beside an open turn [RQ-18] [GF-40]. */
export async function admitAction(within: Admission, turn: ActionTurn): Promise<Admitted> {
  const { tx, limits, auth } = within;
  const { itemId, action } = turn;
  const position = await lockThread(within, turn);
  if (itemId !== undefined) ofKind((await loadTarget(tx, turn.threadId, itemId)).item, 'widget');
  const run = { position, triggerItemId: itemId ?? null, request: { action, itemId }, takesTurn: false };
  return { dispatch: await createRun(tx, limits, auth, turn, run) };
}

/** Locks the thread, takes its next position, and refuses a request that has been admitted before. */
async function lockThread({ tx, auth }: Admission, turn: TurnRequest): Promise<string> {
  const { position } = await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  return position;
}

interface Locked<Type extends ItemType> {
  readonly position: string;
  readonly item: ItemOf<Type>;
  readonly target: Target;
}

/** Like `lockThread`, and also loads the item that the request is about. */
async function lockItem<Type extends ItemType>(
  within: Admission,
  turn: RetryTurn | FormTurn,
  type: Type,
): Promise<Locked<Type>> {
  const position = await lockThread(within, turn);
  const target = await loadTarget(within.tx, turn.threadId, turn.itemId);
  return { position, item: ofKind(target.item, type), target };
}
