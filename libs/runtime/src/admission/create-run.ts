import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { bigint, instant, nullable, prepared, query } from '../platform/statement.js';
import { MOMENT } from '../threads/item-times.js';
import type { RunSize } from '../quotas/quotas.js';
import type { RunLimits } from '../runs/limits.js';
import { textLength } from '../quotas/run-size.js';
import { admitting, decide, START, VERDICT } from './verdict.js';
import type { RunRequest } from '../runs/run.js';
import type { TurnRequest } from './turn-request.js';
import type { Dispatch } from '../jobs/run-queue.js';

const TAKE_POSITION = prepared(
  'admit-position',
  `UPDATE threads SET last_position = last_position + 1, last_item_at = greatest(last_item_at, ${MOMENT})
   WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 RETURNING last_position AS position, last_item_at AS "createdAt"`,
  { position: bigint(), createdAt: nullable(instant()) },
);

/** A position in a thread, and the time of an item that is stored there: in the order of the positions. */
export interface Place {
  readonly position: string;
  /** ISO 8601, by Postgres' clock. */
  readonly createdAt: string;
}

/**
 * Locks a thread of the caller and takes its next position. Throws `AppError` `thread.not_found`.
 * Until the transaction ends, no other turn of the thread is admitted or settled.
 */
export async function takePosition(tx: Queryable, auth: AuthContext, threadId: string): Promise<Place> {
  const { rows } = await query(tx, TAKE_POSITION, [threadId, auth.tenantId, auth.userId]);
  const [row] = rows;
  if (!row?.createdAt) throw new AppError('thread.not_found', `There is no thread ${threadId}.`);
  return { position: row.position, createdAt: row.createdAt };
}

/** The columns of a run that do not come from its request. */
export interface NewRun {
  /** Position of the run in its thread: it sees what is stored up to here, and all its output comes after. */
  readonly position: string;
  readonly triggerItemId: string | null;
  readonly request: RunRequest;
  /** A turn waits for the open turn of its thread; a run that is no turn may start at once. */
  readonly takesTurn: boolean;
}

const CREATE = admitting(
  'admit-run',
  { first: 14, tenant: '$2', owner: '$3' },
  ({ tables, columns, values, quota }) => `
    WITH ${tables}, start AS (
      SELECT refused, has_room AND NOT ($11::boolean AND EXISTS (
        SELECT 1 FROM runs WHERE thread_id = $4 AND takes_turn
                             AND state IN ('queued', 'working'))) AS now${quota}
      FROM verdict
    ), created AS (
      INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                        request, context, takes_turn, idempotency_key, body_hash, dispatch, dispatched_at${columns})
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::jsonb, $11, $12, $13,
             CASE WHEN start.now THEN 1 ELSE 0 END, CASE WHEN start.now THEN now() END${values}
      FROM start WHERE refused IS NULL
    )
    SELECT refused, now AS "startsNow"${quota} FROM start`,
  START,
);

/**
 * Stores the queued run of a thread that this transaction has locked. Returns undefined when the run has to wait. Throws
 * `AppError` `limit.user`, `limit.tenant`, `limit.server` or `quota.exceeded`.
 */
export async function createRun(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: TurnRequest,
  run: NewRun,
): Promise<Dispatch | undefined> {
  const values = [
    turn.runId,
    auth.tenantId,
    auth.userId,
    turn.threadId,
    turn.trigger,
    run.triggerItemId,
    run.position,
    turn.assistantId,
    JSON.stringify(run.request),
    JSON.stringify(turn.context),
    run.takesTurn,
    turn.idempotency?.key ?? null,
    turn.idempotency?.bodyHash ?? null,
  ];
  return startOf(turn.runId, await decide(tx, CREATE, { limits, auth, size: () => sizeOf(turn) }, values));
}

export const startOf = (runId: string, { startsNow }: { readonly startsNow: boolean }): Dispatch | undefined =>
  startsNow ? { runId, fence: 0, dispatch: 1 } : undefined;

/** A turn's history is not known here: what it reserves covers one of usual length. */
export const sizeOf = (turn: TurnRequest): RunSize => ({
  characters: 'userItem' in turn ? textLength(turn.userItem.content) : 0,
  maxOutputTokens: 0,
});

const ROOM = admitting(
  'admit-room',
  { first: 3, tenant: '$1', owner: '$2', takes: false },
  ({ tables, quota }) => `WITH ${tables} SELECT refused${quota} FROM verdict`,
  VERDICT,
);

/** Throws the error that `createRun` would throw now. */
export async function assertRoom(
  tx: Queryable,
  limits: RunLimits,
  auth: AuthContext,
  turn: TurnRequest,
): Promise<void> {
  await decide(tx, ROOM, { limits, auth, size: () => sizeOf(turn) }, [auth.tenantId, auth.userId]);
}
