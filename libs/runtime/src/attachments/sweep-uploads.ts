import type { Database } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';
import { UPLOAD_KEPT_MS } from '../platform/tunables.js';
import type { AttachmentFiles } from './attachment-files.js';

const AT_ONCE = 100;

const UNUSED = unprepared(
  'uploads-unused',
  `SELECT id FROM attachments WHERE thread_id IS NULL AND created_at < now() - $1 * interval '1 ms'
   ORDER BY created_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED`,
  { id: text() },
);
const DELETE = unprepared('upload-delete', 'DELETE FROM attachments WHERE id = $1');

/**
 * Deletes uploads that belong to no thread and are a day old: they were never sent, or their thread was deleted. The bytes
 * are deleted first, so that a process that dies in between leaves a record to find them by; a message that is just being
 * sent with one waits for the lock, and finds it deleted. Returns how many.
 */
export async function sweepUploads(db: Database, files: Pick<AttachmentFiles, 'delete'>): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await query(tx, UNUSED, [UPLOAD_KEPT_MS]);
    for (const { id } of rows) {
      await files.delete(id);
      await query(tx, DELETE, [id]);
    }
    return rows.length;
  });
}
