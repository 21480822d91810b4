import type { AuthContext } from '../auth/auth-context.js';
import type { Database, Queryable } from '../platform/database.js';
import { admitAction, admitForm, admitRetry, admitToolOutput } from './admit-follow-up.js';
import { admitMessage } from './admit-message.js';
import { STOP_SETTLE_WAIT_MS } from './tunables.js';
import type { Admitted, TurnRequest } from './turn-request.js';

/**
 * Accepts what somebody asks for, in one transaction under the thread's lock: the items of the request are stored and
 * the run is `queued`. A locked or closed thread is not refused (TH-6).
 * Throws `AppError` `thread.not_found`, `item.not_found`, `attachment.not_found`, `item.wrong_kind`, `turn.open`,
 * `tool_call.not_pending`, `form.not_pending`; then nothing is stored (ER-4).
 */
export async function admit(db: Database, auth: AuthContext, turn: TurnRequest): Promise<Admitted> {
  switch (turn.trigger) {
    case 'threads.create':
      return admitMessage(db, auth, turn);
    case 'threads.add_user_message':
      await waitWhile(db.pool, STOPPING, turn.threadId);
      return admitMessage(db, auth, turn);
    case 'threads.retry_after_item':
      await waitWhile(db.pool, STOPPING, turn.threadId);
      return db.transaction((tx) => admitRetry(tx, auth, turn));
    case 'threads.add_client_tool_output':
      await waitWhile(db.pool, STOPPING_OR_ASKING, turn.threadId);
      return db.transaction((tx) => admitToolOutput(tx, auth, turn));
    case 'threads.add_structured_input':
      await waitWhile(db.pool, STOPPING_OR_ASKING, turn.threadId);
      return db.transaction((tx) => admitForm(tx, auth, turn));
    case 'threads.custom_action':
      return db.transaction((tx) => admitAction(tx, auth, turn));
  }
}

/** What is sent right after a stop comes behind what the stopped turn leaves (CX-8). */
const STOPPING = {
  name: 'admit-stopping',
  text: `SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working' AND stop_requested_at IS NOT NULL`,
};

/** A turn that has asked the page or the user is about to end, and a page may be quicker than its last statement. */
const STOPPING_OR_ASKING = {
  name: 'admit-asking',
  text: `SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working' AND (stop_requested_at IS NOT NULL OR (
           takes_turn AND EXISTS (SELECT 1 FROM items WHERE run_id = runs.id AND thread_id = $1
                                  AND type IN ('client_tool_call', 'structured_input'))))`,
};

const POLL_MS = 25;

/** Waits until a thread has no such run any more; never longer than 2 s. */
async function waitWhile(db: Queryable, statement: typeof STOPPING, threadId: string): Promise<void> {
  const deadline = performance.now() + STOP_SETTLE_WAIT_MS;
  while (performance.now() < deadline) {
    const { rowCount } = await db.query({ ...statement, values: [threadId] });
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
