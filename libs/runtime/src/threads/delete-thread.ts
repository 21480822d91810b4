import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Queryable } from '../platform/database.js';
import { json, prepared, query } from '../platform/statement.js';
import { IS_LOGGED } from './logged-runs.js';

/** The runs are read in the statement's own snapshot, before the deletion cascades to them. */
const DELETE = prepared(
  'thread-delete',
  `
    WITH deleted AS (DELETE FROM threads WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 RETURNING id)
    SELECT (SELECT coalesce(json_agg(json_build_object('runId', runs.id, 'workerId', runs.worker_id)), '[]')
            FROM runs WHERE runs.thread_id = deleted.id AND runs.state = 'working' AND runs.worker_id IS NOT NULL)
           AS working,
           (SELECT coalesce(json_agg(runs.id), '[]') FROM runs
            WHERE runs.thread_id = deleted.id AND ${IS_LOGGED}) AS logged
    FROM deleted`,
  { working: json<HeldRun[]>(), logged: json<string[]>() },
);

interface HeldRun {
  readonly runId: string;
  readonly workerId: string;
}

/** What is left of a deleted thread outside Postgres. */
export interface LeftOfThread {
  /** Runs that were working: to be stopped. */
  readonly working: readonly HeldRun[];
  /** Runs that no worker holds, and whose copies may still be in the run log. */
  readonly logged: readonly string[];
}

/**
 * Deletes a thread with its items and runs [RQ-21]. Queued runs are deleted, and their jobs will find no run. Throws `AppError` `thread.not_found`.
 */
export async function deleteThread(db: Queryable, auth: AuthContext, threadId: string): Promise<LeftOfThread> {
  const { rows } = await query(db, DELETE, [threadId, auth.tenantId, auth.userId]);
  const [row] = rows;
  if (!row) throw new AppError('thread.not_found', `There is no thread ${threadId}.`);
  return row;
}
