import { type Attachment, toPayload, type UserMessageItem } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { bigint, instant, prepared, query, unprepared } from '../platform/statement.js';
import { assertRoom, createRun, type Place, sizeOf, startOf, takePosition } from './create-run.js';
import { applyDoubleTexting, type DoubleTextingResult } from './apply-double-texting.js';
import { assertUnused } from './idempotency.js';
import { MOMENT } from '../threads/item-times.js';
import type { RunLimits } from '../runs/limits.js';
import { admitting, decide, START } from './verdict.js';
import type { Admitted, MessageTurn } from './turn-request.js';

/** The result of an admission. Without `admitted`, nothing is stored: the turns that it ended are still settling. */
export interface MessageAdmission extends Pick<DoubleTextingResult, 'toStop' | 'ended'> {
  readonly admitted?: Admitted;
}

/**
 * Admits a message: locks or creates the thread, treats open turns by the policy, stores the user item and a `queued` run.
 * `mayWait`: whether the message may be deferred until the turns that it has asked to stop have settled.
 */
export async function admitMessage(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: MessageTurn,
  mayWait: boolean,
): Promise<MessageAdmission> {
  const isNew = turn.trigger === 'threads.create';
  const place = isNew ? await createThread(tx, auth, turn) : await takePosition(tx, auth, turn.threadId);
  await assertUnused(tx, auth, turn.idempotency);
  const { isSettling, ...others } = isNew ? NOTHING_OPEN : await applyDoubleTexting(tx, turn);
  const attachments = await linkAttachments(tx, auth, turn);
  if (isSettling && mayWait) {
    // A message that would be refused must not stop other runs.
    await assertRoom(tx, limits, auth, turn);
    return others;
  }
  const { position, createdAt } = place;
  const userItem = dated({ ...turn.userItem, attachments }, createdAt);
  await storeUserItem(tx, auth, userItem, turn.runId, position);
  const run = { position, triggerItemId: userItem.id, request: turn.request, takesTurn: true };
  return { ...others, admitted: { dispatch: await createRun(tx, limits, auth, turn, run), userItem } };
}

/** With its fields in the order of an item that was read: streams of one run are the same, byte for byte. */
export function dated(
  { type, id, thread_id, ...fields }: MessageTurn['userItem'],
  created_at: string,
): UserMessageItem {
  // Once for the order, and once more because a caller's item may have a time of its own.
  return Object.assign({ type, id, thread_id, created_at }, fields, { created_at });
}

const NOTHING_OPEN = { toStop: [], ended: [], isSettling: false };

export const isPlainFirstMessage = (turn: MessageTurn): boolean =>
  turn.trigger === 'threads.create' && turn.userItem.attachments.length === 0;

/** A new thread needs no lock and has no open turn: thread, item and run are stored in one round trip. */
const ADMIT_FIRST = admitting(
  'admit-first',
  { first: 14, tenant: '$2', owner: '$3' },
  ({ tables, columns, values, quota }) => `
    WITH ${tables}, moment AS MATERIALIZED (
      SELECT ${MOMENT} AS at
    ), thread AS (
      INSERT INTO threads (id, tenant_id, owner_id, last_position, last_item_at, created_at)
      SELECT $1, $2, $3, 1, at, at FROM verdict, moment WHERE refused IS NULL
    ), item AS (
      INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, type, payload, created_at)
      SELECT $1, $4, $2, $3, 1, 1, $5, $6, $7::json, at FROM verdict, moment WHERE refused IS NULL
    ), run AS (
      INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                        request, context, idempotency_key, body_hash, dispatch, dispatched_at${columns})
      SELECT $5, $2, $3, $1, $8, $4, 1, $9, $10::json, $11::jsonb, $12, $13,
             CASE WHEN has_room THEN 1 ELSE 0 END, CASE WHEN has_room THEN now() END${values}
      FROM verdict WHERE refused IS NULL
    )
    SELECT refused, has_room AS "startsNow", at AS "createdAt"${quota} FROM verdict, moment`,
  { ...START, createdAt: instant() },
);

/** Like `admitMessage`, for a message that begins a thread and has no attachments. */
export async function admitFirst(
  db: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: MessageTurn,
): Promise<Admitted> {
  const { userItem } = turn;
  const values = [
    turn.threadId,
    auth.tenantId,
    auth.userId,
    userItem.id,
    turn.runId,
    userItem.type,
    JSON.stringify(toPayload(userItem)),
    turn.trigger,
    turn.assistantId,
    JSON.stringify(turn.request),
    JSON.stringify(turn.context),
    turn.idempotency?.key ?? null,
    turn.idempotency?.bodyHash ?? null,
  ];
  const row = await decide(db, ADMIT_FIRST, { limits, auth, size: () => sizeOf(turn) }, values);
  return { dispatch: startOf(turn.runId, row), userItem: dated(userItem, row.createdAt) };
}

const CREATE_THREAD = prepared(
  'admit-thread',
  `INSERT INTO threads (id, tenant_id, owner_id, last_position, last_item_at, created_at)
   SELECT $1, $2, $3, 1, at, at FROM (SELECT ${MOMENT} AS at) AS moment
   RETURNING last_position AS position, created_at AS "createdAt"`,
  { position: bigint(), createdAt: instant() },
);

async function createThread(tx: Queryable, auth: AuthContext, turn: MessageTurn): Promise<Place> {
  const { rows } = await query(tx, CREATE_THREAD, [turn.threadId, auth.tenantId, auth.userId]);
  const [place] = rows;
  if (!place) throw new Error('an INSERT returned no row');
  return place;
}

const LINK = unprepared(
  'admit-attachments',
  'UPDATE attachments SET thread_id = $1 WHERE id = ANY($2::text[]) AND tenant_id = $3 AND owner_id = $4',
);

/** Assigns the attachments to the thread [AT-4] and returns their snapshots, in the order of the message. */
export async function linkAttachments(
  tx: Queryable,
  auth: AuthContext,
  turn: Pick<MessageTurn, 'threadId' | 'userItem'>,
): Promise<Attachment[]> {
  const wanted = turn.userItem.attachments.map((attachment) => attachment.id);
  if (wanted.length === 0) return [];
  const { rowCount } = await query(tx, LINK, [turn.threadId, wanted, auth.tenantId, auth.userId]);
  if (rowCount !== new Set(wanted).size) {
    throw new AppError('attachment.not_found', 'An attachment of this message does not exist any more.');
  }
  return turn.userItem.attachments.map((attachment) => ({ ...attachment, thread_id: turn.threadId }));
}

const STORE_ITEM = prepared(
  'admit-item',
  `INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, run_id, type, payload, created_at)
   VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8::json, $9)`,
);

export async function storeUserItem(
  tx: Queryable,
  auth: AuthContext,
  item: UserMessageItem,
  runId: string,
  position: string,
): Promise<void> {
  await query(tx, STORE_ITEM, [
    item.thread_id,
    item.id,
    auth.tenantId,
    auth.userId,
    position,
    runId,
    item.type,
    JSON.stringify(toPayload(item)),
    item.created_at,
  ]);
}
