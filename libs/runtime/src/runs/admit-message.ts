import { type Attachment, type ThreadItem, toPayload } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Database, Queryable } from '../platform/database.js';
import { createRun, takePosition } from './create-run.js';
import type { Admitted, MessageTurn } from './turn-request.js';

/** A message: thread locked or made, user item stored, run `queued`. */
export async function admitMessage(db: Database, auth: AuthContext, turn: MessageTurn): Promise<Admitted> {
  if (isPlainFirstMessage(turn)) return admitFirst(db.pool, auth, turn);
  return db.transaction(async (tx) => {
    const isNew = turn.trigger === 'threads.create';
    const position = isNew ? await createThread(tx, auth, turn) : await takePosition(tx, auth, turn.threadId);
    const attachments = await linkAttachments(tx, auth, turn);
    await storeUserItem(tx, auth, { ...turn.userItem, attachments }, turn.runId, position);
    const { request, userItem } = turn;
    const run = { position, triggerItemId: userItem.id, request, takesTurn: true };
    return { dispatch: await createRun(tx, auth, turn, run) };
  });
}

const isPlainFirstMessage = (turn: MessageTurn): boolean =>
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

async function admitFirst(db: Queryable, auth: AuthContext, turn: MessageTurn): Promise<Admitted> {
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
  return { dispatch: { runId: turn.runId, fence: 0, dispatch: 1 } };
}

async function createThread(tx: Queryable, auth: AuthContext, turn: MessageTurn): Promise<string> {
  await tx.query({
    name: 'admit-thread',
    text: `INSERT INTO threads (id, tenant_id, owner_id, last_position, created_at) VALUES ($1, $2, $3, 1, $4)`,
    values: [turn.threadId, auth.tenantId, auth.userId, turn.userItem.created_at],
  });
  return '1';
}

/** Gives the attachments to the thread (AT-4) and returns their snapshots, in the order of the message. */
async function linkAttachments(tx: Queryable, auth: AuthContext, turn: MessageTurn): Promise<Attachment[]> {
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
