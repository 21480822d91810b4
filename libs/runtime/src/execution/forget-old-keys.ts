import type { Queryable } from '../platform/database.js';
import { IDEMPOTENCY_KEPT_MS } from '../platform/tunables.js';

/** Frees the keys that are old enough. Returns how many. */
export async function forgetOldKeys(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE runs SET idempotency_key = NULL, body_hash = NULL
     WHERE body_hash IS NOT NULL AND created_at < now() - $1 * interval '1 ms' AND state NOT IN ('queued', 'working')`,
    [IDEMPOTENCY_KEPT_MS],
  );
  return rowCount ?? 0;
}
