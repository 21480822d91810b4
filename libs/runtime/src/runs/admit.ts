import { type Attachment, type ThreadItem, toPayload, type UserMessageItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Database, Queryable } from '../platform/database.js';
import { STOP_SETTLE_WAIT_MS } from './tunables.js';
import type { RunContext, RunRequest } from './run.js';

/** A turn that somebody asks for. Ids are the caller's, so that readers can join before anything is stored. */
export interface TurnRequest {
  readonly runId: string;
  readonly trigger: 'threads.create' | 'threads.add_user_message';
  readonly threadId: string;
  readonly userItem: UserMessageItem;
  readonly assistantId: string;
  readonly request: RunRequest;
  readonly context: RunContext;
}

/** What the queue is told: the fence that the run has now, and a number that makes the job id new. */
export interface Dispatch {
  readonly runId: string;
  readonly fence: number;
  readonly dispatch: number;
}

/**
 * Accepts a turn in one transaction: thread locked, user item stored, run `queued`. Returns the job to add, or
 * undefined when the run has to wait for the thread's open turn.
 * Throws `AppError` `thread.not_found`, `attachment.not_found`; then nothing is stored (ER-4).
 */
export async function admit(db: Database, auth: AuthContext, turn: TurnRequest): Promise<Dispatch | undefined> {
  if (isPlainFirstMessage(turn)) return admitFirst(db.pool, auth, turn);
  if (turn.trigger === 'threads.add_user_message') await waitForStoppedTurn(db.pool, turn.threadId);
  return db.transaction(async (tx) => {
    const position = await takePosition(tx, auth, turn);
    const attachments = await linkAttachments(tx, auth, turn);
    await storeUserItem(tx, auth, { ...turn.userItem, attachments }, turn.runId, position);
    return createRun(tx, auth, turn, position);
  });
}

const isPlainFirstMessage = (turn: TurnRequest): boolean =>
  turn.trigger === 'threads.create' && turn.userItem.attachments.length === 0;

/** A thread that nobody knows of yet needs no lock and has no open turn: thread, item and run in one round trip. */
const ADMIT_FIRST = {
  name: 'admit-first',
  text: `
    WITH thread AS (
      INSERT INTO threads (id, tenant_id, owner_id, last_position, created_at) VALUES ($1, $2, $3, 1, $4)
    ), item AS (
      INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, type, payload, created_at)
      VALUES ($1, $5, $2, $3, 1, 1, $6, $7, $8::json, $4)
    )
    INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                      request, context, dispatch, dispatched_at)
    VALUES ($6, $2, $3, $1, $9, $5, 1, $10, $11::json, $12::jsonb, 1, now())`,
};

async function admitFirst(db: Queryable, auth: AuthContext, turn: TurnRequest): Promise<Dispatch> {
  const { userItem } = turn;
  const values = [
    turn.threadId,
    auth.tenantId,
    auth.userId,
    userItem.created_at,
    userItem.id,
    turn.runId,
    userItem.type,
    JSON.stringify(toPayload(userItem)),
    turn.trigger,
    turn.assistantId,
    JSON.stringify(turn.request),
    JSON.stringify(turn.context),
  ];
  await db.query({ ...ADMIT_FIRST, values });
  return { runId: turn.runId, fence: 0, dispatch: 1 };
}

async function takePosition(tx: Queryable, auth: AuthContext, turn: TurnRequest): Promise<string> {
  const isNew = turn.trigger === 'threads.create';
  const { rows } = await tx.query<{ last_position: string }>(
    isNew
      ? {
          name: 'admit-thread',
          text: `INSERT INTO threads (id, tenant_id, owner_id, last_position, created_at)
                 VALUES ($1, $2, $3, 1, $4) RETURNING last_position`,
          values: [turn.threadId, auth.tenantId, auth.userId, turn.userItem.created_at],
        }
      : {
          name: 'admit-position',
          text: `UPDATE threads SET last_position = last_position + 1
                 WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 RETURNING last_position`,
          values: [turn.threadId, auth.tenantId, auth.userId],
        },
  );
  const [row] = rows;
  if (!row) throw new AppError('thread.not_found', `There is no thread ${turn.threadId}.`);
  return row.last_position;
}

/** Gives the attachments to the thread (AT-4) and returns their snapshots, in the order of the message. */
async function linkAttachments(tx: Queryable, auth: AuthContext, turn: TurnRequest): Promise<Attachment[]> {
  const wanted = turn.userItem.attachments.map((attachment) => attachment.id);
  if (wanted.length === 0) return [];
  const { rowCount } = await tx.query({
    text: `UPDATE attachments SET thread_id = $1 WHERE id = ANY($2::text[]) AND tenant_id = $3 AND owner_id = $4`,
    values: [turn.threadId, wanted, auth.tenantId, auth.userId],
  });
  if (rowCount !== new Set(wanted).size) {
    throw new AppError('attachment.not_found', 'An attachment of this message does not exist any more.');
  }
  return turn.userItem.attachments.map((attachment) => ({ ...attachment, thread_id: turn.threadId }));
}

async function storeUserItem(
  tx: Queryable,
  auth: AuthContext,
  item: ThreadItem,
  runId: string,
  position: string,
): Promise<void> {
  await tx.query({
    name: 'admit-item',
    text: `INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, type, payload, created_at)
           VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8::json, $9)`,
    values: [
      item.thread_id,
      item.id,
      auth.tenantId,
      auth.userId,
      position,
      runId,
      item.type,
      JSON.stringify(toPayload(item)),
      item.created_at,
    ],
  });
}

/** The thread's row is locked by now, so no other turn of it can be admitted, released or settled beside this one. */
async function createRun(
  tx: Queryable,
  auth: AuthContext,
  turn: TurnRequest,
  position: string,
): Promise<Dispatch | undefined> {
  const { rows } = await tx.query<{ dispatch: number }>({
    name: 'admit-run',
    text: `
      WITH open_turn AS (
        SELECT EXISTS (SELECT 1 FROM runs WHERE thread_id = $4 AND takes_turn AND state IN ('queued', 'working')) AS yes
      )
      INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                        request, context, dispatch, dispatched_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::jsonb,
             CASE WHEN yes THEN 0 ELSE 1 END, CASE WHEN yes THEN NULL ELSE now() END
      FROM open_turn
      RETURNING dispatch`,
    values: [
      turn.runId,
      auth.tenantId,
      auth.userId,
      turn.threadId,
      turn.trigger,
      turn.userItem.id,
      position,
      turn.assistantId,
      JSON.stringify(turn.request),
      JSON.stringify(turn.context),
    ],
  });
  const dispatch = rows[0]?.dispatch ?? 0;
  return dispatch > 0 ? { runId: turn.runId, fence: 0, dispatch } : undefined;
}

const POLL_MS = 25;

/** A message sent right after a stop comes behind what the stopped turn leaves (CX-8); never waits longer than 2 s. */
async function waitForStoppedTurn(db: Queryable, threadId: string): Promise<void> {
  const deadline = performance.now() + STOP_SETTLE_WAIT_MS;
  while (performance.now() < deadline) {
    const { rowCount } = await db.query({
      name: 'admit-stopping',
      text: `SELECT 1 FROM runs WHERE thread_id = $1 AND state = 'working' AND stop_requested_at IS NOT NULL`,
      values: [threadId],
    });
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
