import { Injectable } from '@nestjs/common';
import { answerWithin } from '../platform/answer-within.js';
import { Database } from '../platform/database.js';
import { Logger } from '../platform/logger.js';
import { query, text, unprepared } from '../platform/statement.js';
import { AttachmentFiles, type StoredEntry } from './attachment-files.js';

const AT_ONCE = 100;
/** How long somebody who has deleted something waits for its files. */
const PATIENCE_MS = 3_000;
const RETRY_AFTER = '1 minute';

/**
 * Moved into the future, so that no other process takes them meanwhile, and one that dies leaves them for later. The column is rounded to
 * milliseconds, and so may be later than the moment that it was written in.
 */
const TAKE = unprepared(
  'deleted-files-take',
  `UPDATE deleted_files SET retry_at = now() + interval '${RETRY_AFTER}' WHERE id = ANY(ARRAY(
     SELECT id FROM deleted_files WHERE retry_at <= now()::timestamptz(3) ORDER BY retry_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED))
   RETURNING id`,
  { id: text() },
);
const AFTER = unprepared(
  'deleted-files-after',
  `SELECT id FROM deleted_files WHERE id > $1 ORDER BY id LIMIT ${AT_ONCE}`,
  { id: text() },
);
const EXISTING = unprepared('deleted-files-existing', 'SELECT id FROM attachments WHERE id = ANY($1::text[])', {
  id: text(),
});
const FORGET = unprepared('deleted-files-forget', 'DELETE FROM deleted_files WHERE id = ANY($1::text[])');

/** What arrived this recently may be an upload that is just received, and of which there is no record yet. */
const SETTLED_AFTER_MS = 10 * 60_000;

/**
 * The files of attachments whose records are deleted: with their thread or message, by their owner, by age, or unused. Whoever
 * deletes a record leaves its file to this; a trigger has noted it.
 */
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
      const { rows } = await query(this.db.system, TAKE);
      const errors = await this.removeEach(rows.map(({ id }) => id));
      return rows.length - errors.length;
    } catch (error) {
      this.logger.warn({ err: error }, 'cannot delete files yet');
      return 0;
    }
  }

  /** The same for a caller who waits: what takes longer than a few seconds goes on behind the answer, or is left to the workers. */
  async removeSoon(): Promise<void> {
    await answerWithin(PATIENCE_MS, 'The store of files', this.remove()).catch(() => undefined);
  }

  /**
   * Deletes the bytes of all, also of those that another process has taken or that are to be tried again later: when this
   * returns, no bytes are left of a record that was deleted before. Tries every file, and rejects with the first error.
   */
  async removeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const { rows }: { rows: { id: string }[] } = await query(this.db.system, AFTER, [after]);
      errors.push(...(await this.removeEach(rows.map(({ id }) => id))));
      after = rows.at(-1)?.id;
    }
    if (errors.length > 0) throw errors[0];
  }

  /**
   * Deletes what was sent to the object store, by a target from before, for an attachment that is deleted: nobody else would
   * miss it, and nobody would find it. Returns how many. Rejects when the store or Postgres is unavailable.
   */
  async removeLate(): Promise<number> {
    const before = Date.now() - SETTLED_AFTER_MS;
    let removed = 0;
    let page: StoredEntry[] = [];
    for await (const entry of this.files.direct?.sent() ?? []) {
      if (entry.modifiedAt.getTime() > before) continue;
      page.push(entry);
      if (page.length < AT_ONCE) continue;
      removed += await this.removeUnknown(page);
      page = [];
    }
    return removed + (await this.removeUnknown(page));
  }

  private async removeUnknown(entries: readonly StoredEntry[]): Promise<number> {
    if (entries.length === 0) return 0;
    const { rows } = await query(this.db.system, EXISTING, [entries.map(({ attachmentId }) => attachmentId)]);
    const existing = new Set(rows.map(({ id }) => id));
    const unknown = entries.filter(({ attachmentId }) => !existing.has(attachmentId));
    await Promise.all(unknown.map((entry) => entry.remove()));
    return unknown.length;
  }

  /** Returns why those that are still there could not be deleted. */
  private async removeEach(ids: readonly string[]): Promise<unknown[]> {
    const errors = new Map<string, unknown>();
    await Promise.all(ids.map((id) => this.files.delete(id).catch((error: unknown) => errors.set(id, error))));
    const deleted = ids.filter((id) => !errors.has(id));
    if (deleted.length > 0) await query(this.db.system, FORGET, [deleted]);
    for (const [attachmentId, err] of errors) this.logger.warn({ err, attachmentId }, 'cannot delete a file yet');
    return [...errors.values()];
  }
}
