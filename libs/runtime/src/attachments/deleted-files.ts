import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../platform/database.js';
import { Logger } from '../platform/logger.js';
import { query, text, unprepared } from '../platform/statement.js';
import { AttachmentFiles } from './attachment-files.js';

const AT_ONCE = 100;
const RETRY_AFTER = '1 minute';

/** Moved into the future, so that no other process takes them meanwhile, and one that dies leaves them for later. */
const TAKE = unprepared(
  'deleted-files-take',
  `UPDATE deleted_files SET retry_at = now() + interval '${RETRY_AFTER}' WHERE id = ANY(ARRAY(
     SELECT id FROM deleted_files WHERE retry_at <= now() ORDER BY retry_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED))
   RETURNING id`,
  { id: text() },
);
const FORGET = unprepared('deleted-files-forget', 'DELETE FROM deleted_files WHERE id = ANY($1::text[])');

/** For who has deleted the bytes already: no trace of the ids is left. */
export async function forgetDeletedFiles(db: Queryable, ids: readonly string[]): Promise<void> {
  await query(db, FORGET, [ids]);
}

/** Attachments whose records are deleted: with their thread or message, by their owner, or unused. */
@Injectable()
export class DeletedFiles {
  constructor(
    private readonly db: Database,
    private readonly files: AttachmentFiles,
    private readonly logger: Logger,
  ) {}

  /**
   * Deletes their bytes, up to a hundred at once. What the store does not delete is tried again a minute later. Returns how many
   * were deleted; never rejects: the records are gone, so that nobody reaches the bytes.
   */
  async remove(): Promise<number> {
    try {
      const { rows } = await query(this.db.pool, TAKE);
      const deleted = (await Promise.all(rows.map(({ id }) => this.removeOne(id)))).flat();
      if (deleted.length > 0) await query(this.db.pool, FORGET, [deleted]);
      return deleted.length;
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot delete files yet');
      return 0;
    }
  }

  private async removeOne(id: string): Promise<string[]> {
    try {
      await this.files.delete(id);
      return [id];
    } catch (error) {
      this.logger.warn({ err: error, attachmentId: id }, 'cannot delete a file yet');
      return [];
    }
  }
}
