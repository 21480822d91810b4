import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { int, nullable, prepared, query, text } from '../platform/statement.js';
import type { Trigger } from '../runs/run.js';
import { settleUnheld } from '../runs/settle.js';
import type { MessageTurn } from './turn-request.js';

/** A run that its worker must stop. */
export interface RunToStop {
  readonly runId: string;
  readonly workerId: string;
}

/** What happened to the open turns of a thread. */
export interface DoubleTextingResult {
  readonly toStop: readonly RunToStop[];
  /** What asked for the runs that have ended with this admission. */
  readonly ended: readonly Trigger[];
  /** Some turns still have to store their partial output; the message comes after that. */
  readonly isSettling: boolean;
}

const NOTHING: DoubleTextingResult = { toStop: [], ended: [], isSettling: false };

/**
 * Applies the policy to all open turns of a thread, including queued ones, under the thread's lock. Throws `AppError`
 * `turn.open`.
 */
export async function applyDoubleTexting(tx: Queryable, turn: MessageTurn): Promise<DoubleTextingResult> {
  switch (turn.doubleTexting ?? 'enqueue') {
    case 'enqueue':
      return NOTHING;
    case 'reject':
      await assertNoOpenTurn(tx, turn.threadId);
      return NOTHING;
    case 'interrupt':
      return interrupt(tx, turn.threadId);
    case 'rollback':
      return rollBack(tx, turn.threadId);
  }
}

const OPEN_TURN = prepared(
  'admit-open-turn',
  `SELECT 1 FROM runs WHERE thread_id = $1 AND takes_turn AND state IN ('queued', 'working') LIMIT 1`,
);

export async function assertNoOpenTurn(tx: Queryable, threadId: string): Promise<void> {
  const { rowCount } = await query(tx, OPEN_TURN, [threadId]);
  if (rowCount !== 0) throw new AppError('turn.open', 'The thread is still being answered.');
}

const INTERRUPT = prepared(
  'admit-interrupt',
  `UPDATE runs SET stop_requested_at = coalesce(stop_requested_at, now())
   WHERE thread_id = $1 AND takes_turn AND state IN ('queued', 'working')
   RETURNING id, state, fence, worker_id AS "workerId", trigger`,
  {
    id: text(),
    state: text<'queued' | 'working'>(),
    fence: int(),
    workerId: nullable(text()),
    trigger: text<Trigger>(),
  },
);

/** Queued turns end here, and their marker is stored; working turns are asked to stop, and their partial output remains. */
async function interrupt(tx: Queryable, threadId: string): Promise<DoubleTextingResult> {
  const { rows } = await query(tx, INTERRUPT, [threadId]);
  const ended: Trigger[] = [];
  for (const { id, state, fence, trigger } of rows) {
    if (state !== 'queued') continue;
    if (await settleUnheld(tx, { runId: id, threadId, fence, state }, { state: 'cancelled' })) ended.push(trigger);
  }
  const working = rows.filter(({ state }) => state === 'working');
  return { toStop: toStopOf(working), ended, isSettling: working.length > 0 };
}

/** Requests whose trigger is the user's own message. */
const MESSAGE_TRIGGERS: readonly Trigger[] = ['threads.create', 'threads.add_user_message', 'threads.retry_after_item'];

const ROLL_BACK = prepared(
  'admit-rollback',
  `UPDATE runs SET state = 'cancelled', fence = fence + 1, context = NULL, lease_expires_at = NULL, settled_at = now()
   WHERE thread_id = $1 AND takes_turn AND state IN ('queued', 'working')
   RETURNING id, worker_id AS "workerId", trigger, trigger_item_id AS "triggerItemId"`,
  { id: text(), workerId: nullable(text()), trigger: text<Trigger>(), triggerItemId: nullable(text()) },
);
const ROLL_BACK_ITEMS = prepared(
  'admit-rollback-items',
  'DELETE FROM items WHERE thread_id = $1 AND (run_id = ANY($2::text[]) OR id = ANY($3::text[]))',
);

/**
 * Ends open turns under a higher fence, so that their workers can store nothing more. Their output and the message that
 * they answer are deleted; a form or a tool call that they answer belongs to an earlier turn and remains.
 */
async function rollBack(tx: Queryable, threadId: string): Promise<DoubleTextingResult> {
  const { rows } = await query(tx, ROLL_BACK, [threadId]);
  if (rows.length === 0) return NOTHING;
  const messages = rows.filter(({ trigger }) => MESSAGE_TRIGGERS.includes(trigger));
  const triggers = messages.flatMap(({ triggerItemId }) => triggerItemId ?? []);
  await query(tx, ROLL_BACK_ITEMS, [threadId, rows.map(({ id }) => id), triggers]);
  return { toStop: toStopOf(rows), ended: rows.map(({ trigger }) => trigger), isSettling: false };
}

const toStopOf = (runs: readonly { readonly id: string; readonly workerId: string | null }[]): RunToStop[] =>
  runs.flatMap(({ id, workerId }) => (workerId === null ? [] : [{ runId: id, workerId }]));
