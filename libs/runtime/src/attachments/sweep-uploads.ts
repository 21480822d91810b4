import type { Database } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';
import { UPLOAD_KEPT_MS } from '../platform/tunables.js';

const AT_ONCE = 100;

const DELETE_UNUSED = unprepared(
  'uploads-unused',
  `DELETE FROM attachments WHERE id = ANY(ARRAY(
     SELECT id FROM attachments
     WHERE thread_id IS NULL AND created_at < now() - $1 * interval '1 ms'
       AND (SELECT 1 FROM attachment_uses WHERE attachment_id = attachments.id LIMIT 1) IS NULL
     ORDER BY created_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)) RETURNING id`,
  { id: text() },
);

/**
 * Deletes the records of uploads that are a day old and were never sent with a message; their bytes are deleted after that. A
 * message that is just being sent with one waits for the lock, and finds it deleted. Returns how many.
 */
export async function sweepUploads(db: Database): Promise<number> {
  const { rows } = await query(db.system, DELETE_UNUSED, [UPLOAD_KEPT_MS]);
  return rows.length;
}
