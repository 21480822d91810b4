import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import type { RunRequest } from './run.js';
import type { Dispatch, TurnRequest } from './turn-request.js';

/**
 * Locks a thread of the caller's and takes its next position. Throws `AppError` `thread.not_found`.
 * Until the transaction ends, no other turn of the thread is admitted, released or settled beside this one.
 */
export async function takePosition(tx: Queryable, auth: AuthContext, threadId: string): Promise<string> {
  const { rows } = await tx.query<{ last_position: string }>({
    name: 'admit-position',
    text: `UPDATE threads SET last_position = last_position + 1
           WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 RETURNING last_position`,
    values: [threadId, auth.tenantId, auth.userId],
  });
  const [row] = rows;
  if (!row) throw new AppError('thread.not_found', `There is no thread ${threadId}.`);
  return row.last_position;
}

/** What a run's row says beside what its request says. */
export interface NewRun {
  /** Place of the run in its thread: it sees what is there up to here, and all that it makes comes after. */
  readonly position: string;
  readonly triggerItemId: string | null;
  readonly request: RunRequest;
  /** A turn waits for the thread's open one; what takes no turn may start at once. */
  readonly takesTurn: boolean;
}

/** Stores the queued run of a thread that this transaction has locked. Undefined: it has to wait. */
export async function createRun(
  tx: Queryable,
  auth: AuthContext,
  turn: TurnRequest,
  run: NewRun,
): Promise<Dispatch | undefined> {
  const { rows } = await tx.query<{ dispatch: number }>({
    name: 'admit-run',
    text: `
      WITH open_turn AS (
        SELECT $11::boolean AND EXISTS (
          SELECT 1 FROM runs WHERE thread_id = $4 AND takes_turn AND state IN ('queued', 'working')) AS yes
      )
      INSERT INTO runs (id, tenant_id, owner_id, thread_id, trigger, trigger_item_id, trigger_position, assistant_id,
                        request, context, takes_turn, dispatch, dispatched_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::json, $10::jsonb, $11,
             CASE WHEN yes THEN 0 ELSE 1 END, CASE WHEN yes THEN NULL ELSE now() END
      FROM open_turn
      RETURNING dispatch`,
    values: [
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
    ],
  });
  const dispatch = rows[0]?.dispatch ?? 0;
  return dispatch > 0 ? { runId: turn.runId, fence: 0, dispatch } : undefined;
}
