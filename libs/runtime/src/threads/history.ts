import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import type { Claim } from '../runs/run.js';
import { type HistoryRow, toHistoryItem } from './rows.js';

/**
 * What a prompt may hold: the newest `limit` items of this turn and of earlier ones, oldest first, turn by turn.
 * Never what the user wrote later, also when it was stored before an earlier answer was finished.
 */
export async function loadHistory(db: Queryable, claim: Claim, limit: number): Promise<ThreadItem[]> {
  const { rows } = await db.query<HistoryRow>({
    name: 'history-load',
    text: `SELECT id, thread_id, created_at, payload FROM items
           WHERE thread_id = $1 AND tenant_id = $2 AND owner_id = $3 AND turn <= $4
           ORDER BY turn DESC, position DESC LIMIT $5`,
    values: [claim.threadId, claim.tenantId, claim.ownerId, claim.triggerPosition, limit],
  });
  return rows.toReversed().map(toHistoryItem);
}
