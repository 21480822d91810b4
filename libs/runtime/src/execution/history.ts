import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { json, prepared, query, text, timestamp } from '../platform/statement.js';
import type { Claim } from '../runs/run.js';
import { type HistoryRow, toHistoryItem } from '../threads/rows.js';

/**
 * The newest items of a turn and of earlier ones, newest first; each argument is an SQL expression. Excludes what the user
 * wrote later, even when it was stored before an earlier answer was finished.
 */
export const historySql = (of: Record<'thread' | 'tenant' | 'owner' | 'turn' | 'limit', string>): string => `
  SELECT id, thread_id, created_at, payload FROM items
  WHERE thread_id = ${of.thread} AND tenant_id = ${of.tenant} AND owner_id = ${of.owner} AND turn <= ${of.turn}
  ORDER BY turn DESC, position DESC LIMIT ${of.limit}`;

const LOAD = prepared(
  'history-load',
  historySql({ thread: '$1', tenant: '$2', owner: '$3', turn: '$4', limit: '$5' }),
  { id: text(), thread_id: text(), created_at: timestamp(), payload: json() },
);

/**
 * The items for a prompt: the newest `limit` items of this turn and of earlier ones, oldest first, turn by turn. They are not
 * read again when the claim returned enough. Throws `ItemParseError`.
 */
export async function loadHistory(db: Queryable, claim: Claim, limit: number): Promise<ThreadItem[]> {
  const { history } = claim;
  const rows = history && history.limit >= limit ? history.rows.slice(0, limit) : await readHistory(db, claim, limit);
  return rows.toReversed().map(toHistoryItem);
}

async function readHistory(db: Queryable, claim: Claim, limit: number): Promise<HistoryRow[]> {
  const values = [claim.threadId, claim.tenantId, claim.ownerId, claim.triggerPosition, limit];
  const { rows } = await query(db, LOAD, values);
  return rows;
}
