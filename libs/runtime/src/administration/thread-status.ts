import type { ThreadStatus } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';

const SET_STATUS = unprepared(
  'admin-thread-status',
  'UPDATE threads SET status = $2::jsonb WHERE id = $1 RETURNING id',
  { id: text() },
);

/** Whosever thread it is. Returns false if there is none. */
export async function setThreadStatus(db: Queryable, threadId: string, status: ThreadStatus): Promise<boolean> {
  const { rowCount } = await query(db, SET_STATUS, [threadId, JSON.stringify(status)]);
  return rowCount === 1;
}
