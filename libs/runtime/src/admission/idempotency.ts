import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { bool, json, nullable, prepared, query, text } from '../platform/statement.js';
import { SILENCE_MS } from '../platform/tunables.js';
import type { RunRequest } from '../runs/run.js';
import type { Idempotency } from './turn-request.js';

/** The run that an earlier request with the same key made. */
export interface IdempotentReplay {
  readonly runId: string;
  readonly threadId: string;
  readonly trigger: string;
  readonly triggerItemId: string | null;
  readonly assistantId: string;
  readonly request: RunRequest;
  /** Settled so long ago that its last entry is either in the log by now or will never be. */
  readonly isOver: boolean;
}

const FIND = prepared(
  'run-replay',
  `SELECT id AS "runId", coalesce(thread_id, '') AS "threadId", trigger, trigger_item_id AS "triggerItemId",
          assistant_id AS "assistantId", request, body_hash AS "bodyHash",
          coalesce(settled_at < now() - $4 * interval '1 ms', false) AS "isOver"
   FROM runs WHERE tenant_id = $1 AND owner_id = $2 AND idempotency_key = $3`,
  {
    runId: text(),
    threadId: text(),
    trigger: text(),
    triggerItemId: nullable(text()),
    assistantId: text(),
    request: json<RunRequest>(),
    bodyHash: nullable(text()),
    isOver: bool(),
  },
);

/**
 * Returns the run that an earlier request with this key created, if any. Throws `AppError` `idempotency.conflict` when that
 * request had another body.
 */
export async function findReplay(
  db: Queryable,
  auth: AuthContext,
  { key, bodyHash }: Idempotency,
): Promise<IdempotentReplay | undefined> {
  const { rows } = await query(db, FIND, [auth.tenantId, auth.userId, key, SILENCE_MS]);
  const [row] = rows;
  if (row && row.bodyHash !== bodyHash) throw conflict('was used for another request');
  return row;
}

/**
 * Throws when an earlier request with this key has created a run. Called under the thread's lock, before the thread's open
 * turns are changed: a repeated request must not be treated as a new message that arrived while the first was answered.
 */
export async function assertUnused(
  tx: Queryable,
  auth: AuthContext,
  idempotency: Idempotency | undefined,
): Promise<void> {
  if (idempotency && (await findReplay(tx, auth, idempotency))) throw conflict('is in use');
}

const conflict = (why: string): AppError => new AppError('idempotency.conflict', `This Idempotency-Key ${why}.`);
