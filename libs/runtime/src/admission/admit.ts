import type { AuthContext } from '../auth/auth-context.js';
import type { Database, Queryable } from '../platform/database.js';
import type { JoinedStatement } from '../platform/joined-statement.js';
import { prepared, query, type Statement } from '../platform/statement.js';
import { admitAction, admitForm, admitRetry, admitToolOutput } from './admit-follow-up.js';
import { admitEdit } from './admit-edit.js';
import { admitFirst, admitMessage, isPlainFirstMessage } from './admit-message.js';
import type { DoubleTextingResult } from './apply-double-texting.js';
import type { RunLimits } from '../runs/limits.js';
import { STOP_SETTLE_WAIT_MS } from '../platform/tunables.js';
import type { Admitted, MessageTurn, TurnRequest } from './turn-request.js';

export interface AdmitDeps {
  readonly db: Database;
  readonly limits: RunLimits;
  /** For first messages, which wait for no lock. */
  readonly firstMessages: JoinedStatement;
  /** Sends the workers of other runs a stop, and counts those that have ended; called after the commit that did so. */
  readonly onOthers: (others: Pick<DoubleTextingResult, 'toStop' | 'ended'>) => void;
}

/**
 * Admits a request in one transaction under the thread's lock: stores the items of the request and a
 * `queued` run. A locked or closed thread is not refused [TH-6].
 * Throws `AppError` `thread.not_found`, `item.not_found`, `attachment.not_found`, `item.wrong_kind`, `turn.open`,
 * `tool_call.not_pending`, `form.not_pending`, `run.not_retryable`, `idempotency.conflict`, `limit.user`, `limit.tenant`,
 * `limit.server`, `quota.exceeded`; in that case nothing is stored [ER-4].
 */
export async function admit(deps: AdmitDeps, auth: AuthContext, turn: TurnRequest): Promise<Admitted> {
  const { limits } = deps;
  const rows = deps.db.of(auth);
  switch (turn.trigger) {
    case 'threads.create':
      if (isPlainFirstMessage(turn)) return admitFirst(placeOf(deps, auth), limits, auth, turn);
      return admitBehind(deps, auth, turn);
    case 'threads.add_user_message':
      await waitWhile(rows, STOPPING, turn.threadId);
      if ('replaces' in turn) return rows.transaction((tx) => admitEdit({ tx, limits, auth }, turn));
      return admitBehind(deps, auth, turn);
    case 'threads.retry_after_item':
      await waitWhile(rows, STOPPING, turn.threadId);
      return rows.transaction((tx) => admitRetry({ tx, limits, auth }, turn));
    case 'threads.add_client_tool_output':
      await waitWhile(rows, STOPPING_OR_ASKING, turn.threadId);
      return rows.transaction((tx) => admitToolOutput({ tx, limits, auth }, turn));
    case 'threads.add_structured_input':
      await waitWhile(rows, STOPPING_OR_ASKING, turn.threadId);
      return rows.transaction((tx) => admitForm({ tx, limits, auth }, turn));
    case 'threads.custom_action':
      return rows.transaction((tx) => admitAction({ tx, limits, auth }, turn));
  }
}

/** An admission that takes from quotas locks their counters, and would hold them for the others. */
const placeOf = ({ db, limits, firstMessages }: AdmitDeps, auth: AuthContext): Queryable =>
  limits.quotas ? db.of(auth) : firstMessages.of(auth);

/**
 * A message is placed after the output of the turns that it interrupts: it asks them to stop, waits, and tries again;
 * after 2 s it is queued behind them.
 */
async function admitBehind(
  { db, limits, onOthers }: AdmitDeps,
  auth: AuthContext,
  turn: MessageTurn,
): Promise<Admitted> {
  const rows = db.of(auth);
  const deadline = performance.now() + STOP_SETTLE_WAIT_MS;
  for (;;) {
    const mayWait = performance.now() < deadline;
    const { admitted, ...others } = await rows.transaction((tx) => admitMessage(tx, limits, auth, turn, mayWait));
    onOthers(others);
    if (admitted) return admitted;
    await waitWhile(rows, STOPPING, turn.threadId, deadline);
  }
}

/** A request sent right after a stop is placed after the output of the stopped turn [CX-8]. */
const STOPPING = prepared(
  'admit-stopping',
  `SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working' AND stop_requested_at IS NOT NULL`,
);

/** A turn that is waiting for a client tool or a form is about to end, and the page may answer before its last statement. */
const STOPPING_OR_ASKING = prepared(
  'admit-asking',
  `SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working' AND (stop_requested_at IS NOT NULL OR (
           takes_turn AND EXISTS (SELECT 1 FROM items WHERE run_id = runs.id AND thread_id = $1
                                  AND type IN ('client_tool_call', 'structured_input'))))`,
);

const POLL_MS = 25;

/** Waits until the thread has no such run; by default no longer than 2 s. */
async function waitWhile(
  db: Queryable,
  statement: Statement,
  threadId: string,
  deadline = performance.now() + STOP_SETTLE_WAIT_MS,
): Promise<void> {
  while (performance.now() < deadline) {
    const { rowCount } = await query(db, statement, [threadId]);
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
