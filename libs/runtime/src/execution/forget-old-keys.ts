import type { Queryable } from '../platform/database.js';
import { query, unprepared } from '../platform/statement.js';
import { IDEMPOTENCY_KEPT_MS } from '../platform/tunables.js';

const FORGET = unprepared(
  'runs-forget-keys',
  `UPDATE runs SET idempotency_key = NULL, body_hash = NULL
   WHERE body_hash IS NOT NULL AND created_at < now() - $1 * interval '1 ms' AND state NOT IN ('queued', 'working')`,
);

/** Clears the keys that are old enough. Returns how many. */
export async function forgetOldKeys(db: Queryable): Promise<number> {
  const { rowCount } = await query(db, FORGET, [IDEMPOTENCY_KEPT_MS]);
  return rowCount ?? 0;
}
