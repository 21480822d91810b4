import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { bigint, bool, instant, nullable, prepared, query, text } from '../platform/statement.js';
import { MOMENT } from '../threads/item-times.js';
import type { RunLimits } from '../runs/limits.js';
import { limitValues, type Refused, refusal, verdictSql } from './verdict.js';
import type { RunRequest } from '../runs/run.js';
import type { TurnRequest } from './turn-request.js';
import type { Dispatch } from '../jobs/run-queue.js';

/** What the statement of an admission returns about the run that it may have stored. */
export const START = { refused: nullable(text<Refused>()), startsNow: bool() };

interface Start {
  readonly refused: Refused | null;
  readonly startsNow: boolean;
}

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

const CREATE = prepared(
  'admit-run',
  `
    WITH ${verdictSql(14, '$2', '$3')}, start AS (
      SELECT refused, has_room AND NOT ($11::boolean AND EXISTS (
        SELECT 1 FROM runs WHERE thread_id = $4 AND takes_turn
                             AND state IN ('queued', 'working'))) AS now
      FROM verdict
    ), created AS (
      INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                        request, context, takes_turn, idempotency_key, body_hash, dispatch, dispatched_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::jsonb, $11, $12, $13,
             CASE WHEN start.now THEN 1 ELSE 0 END, CASE WHEN start.now THEN now() END
      FROM start WHERE refused IS NULL
    )
    SELECT refused, now AS "startsNow" FROM start`,
  START,
);

/**
 * Stores the queued run of a thread that this transaction has locked. Returns undefined when the run has to wait. Throws
 * `AppError` `limit.user`, `limit.tenant` or `limit.server`.
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
    ...limitValues(limits),
  ];
  const { rows } = await query(tx, CREATE, values);
  return startOf(turn.runId, rows[0]);
}

export function startOf(runId: string, start: Start | undefined): Dispatch | undefined {
  if (start?.refused) throw refusal(start.refused);
  return start?.startsNow ? { runId, fence: 0, dispatch: 1 } : undefined;
}

const ROOM = prepared('admit-room', `WITH ${verdictSql(3, '$1', '$2')} SELECT refused FROM verdict`, {
  refused: START.refused,
});

/** Throws the error that `createRun` would throw now. */
export async function assertRoom(tx: Queryable, limits: RunLimits, auth: AuthContext): Promise<void> {
  const { rows } = await query(tx, ROOM, [auth.tenantId, auth.userId, ...limitValues(limits)]);
  if (rows[0]?.refused) throw refusal(rows[0].refused);
}
