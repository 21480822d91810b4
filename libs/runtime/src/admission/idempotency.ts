import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { IDEMPOTENCY_KEPT_MS, SILENCE_MS } from '../platform/tunables.js';
import type { Idempotency } from './turn-request.js';

/** A run that an earlier request of the same key has made. */
export interface Twin {
  readonly runId: string;
  readonly threadId: string;
  readonly trigger: string;
  readonly triggerItemId: string | null;
  readonly assistantId: string;
  /** Settled so long ago that its last entry is in the log by now, or will never be. */
  readonly isOver: boolean;
}

/**
 * The run that this key stands for, if it stands for one already. Throws `AppError` `idempotency.conflict` when that
 * request had another body.
 */
export async function findTwin(
  db: Queryable,
  auth: AuthContext,
  { key, bodyHash }: Idempotency,
): Promise<Twin | undefined> {
  const { rows } = await db.query<Twin & { bodyHash: string }>({
    name: 'run-twin',
    text: `SELECT id AS "runId", thread_id AS "threadId", trigger, trigger_item_id AS "triggerItemId",
                  assistant_id AS "assistantId", body_hash AS "bodyHash", 
                  coalesce(settled_at < now() - $4 * interval '1 ms', false) AS "isOver"
           FROM runs WHERE tenant_id = $1 AND owner_id = $2 AND idempotency_key = $3`,
    values: [auth.tenantId, auth.userId, key, SILENCE_MS],
  });
  const [row] = rows;
  if (row && row.bodyHash !== bodyHash) throw conflict('was used for another request');
  return row;
}

/**
 * Throws when the key stands for a run already. Under the thread's lock, before anything is done to the thread's open
 * turns: a repetition must not meet the first one as a message that came in between.
 */
export async function assertUnused(
  tx: Queryable,
  auth: AuthContext,
  idempotency: Idempotency | undefined,
): Promise<void> {
  if (idempotency && (await findTwin(tx, auth, idempotency))) throw conflict('is in use');
}

const conflict = (why: string): AppError => new AppError('idempotency.conflict', `This Idempotency-Key ${why}.`);

/** The worker that is at a run, or undefined. */
export async function findWorker(db: Queryable, runId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ worker: string | null }>({
    name: 'run-worker',
    text: `SELECT worker_id AS worker FROM runs WHERE id = $1 AND state = 'working'`,
    values: [runId],
  });
  return rows[0]?.worker ?? undefined;
}

/** Frees the keys that are old enough. Returns how many. */
export async function forgetOldKeys(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE runs SET idempotency_key = NULL, body_hash = NULL
     WHERE body_hash IS NOT NULL AND created_at < now() - $1 * interval '1 ms' AND state NOT IN ('queued', 'working')`,
    [IDEMPOTENCY_KEPT_MS],
  );
  return rowCount ?? 0;
}
