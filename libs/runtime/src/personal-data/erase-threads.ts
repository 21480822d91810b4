import type { AttachmentFiles } from '../attachments/attachment-files.js';
import { forgetDeletedFiles } from '../attachments/deleted-files.js';
import type { EventEngine } from '../events/event-engine.js';
import type { Queryable } from '../platform/database.js';
import { query, type Statement, text, unprepared } from '../platform/statement.js';

const RUNS = unprepared('erase-threads-runs', 'SELECT id FROM runs WHERE thread_id = ANY($1::text[])', { id: text() });
const ATTACHMENTS = unprepared(
  'erase-threads-attachments',
  'SELECT id FROM attachments WHERE thread_id = ANY($1::text[])',
  { id: text() },
);
const DELETE_ATTACHMENTS = unprepared(
  'erase-threads-delete-attachments',
  'DELETE FROM attachments WHERE id = ANY($1::text[])',
);
const DELETE = unprepared('erase-threads', 'DELETE FROM threads WHERE id = ANY($1::text[])');

/**
 * Deletes threads with their items, runs, feedback, attachments and the copies in the run log. The bytes of attachments go
 * first: what fails in between is found again by its row. Returns how many runs there were.
 */
export async function eraseThreads(
  db: Queryable,
  { log }: Pick<EventEngine, 'log'>,
  files: Pick<AttachmentFiles, 'delete'>,
  threadIds: readonly string[],
): Promise<number> {
  const idsOf = async (statement: Statement<{ id: string }>): Promise<string[]> =>
    (await query(db, statement, [threadIds])).rows.map(({ id }) => id);
  const attachmentIds = await idsOf(ATTACHMENTS);
  for (const id of attachmentIds) await files.delete(id);
  await query(db, DELETE_ATTACHMENTS, [attachmentIds]);
  await forgetDeletedFiles(db, attachmentIds);
  const runIds = await idsOf(RUNS);
  await query(db, DELETE, [threadIds]);
  await log.delete(runIds);
  return runIds.length;
}
