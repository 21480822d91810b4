import { Injectable } from '@nestjs/common';
import type { Attachment } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { Database } from '../platform/database.js';
import { prepared, query } from '../platform/statement.js';
import type { StagedFile } from './attachment-files.js';

const COMPLETE = prepared(
  'upload-complete',
  `UPDATE attachments
   SET payload = payload - 'upload_descriptor' - 'preview_url' || $7::jsonb, size = $4, mime_type = $5, type = $6
   WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 AND payload -> 'upload_descriptor' IS NOT NULL`,
);

/** The part of an upload that is decided in Postgres. */
@Injectable()
export class UploadRecords {
  constructor(private readonly db: Database) {}

  /**
   * Stores the bytes and their type, and clears the descriptor, under the record's lock: of two concurrent uploads one succeeds, and a process
   * that dies in between leaves a record that still expects its bytes. Returns false when the bytes are already stored, or
   * the record is deleted.
   */
  complete(auth: AuthContext, attachment: Attachment, staged: Pick<StagedFile, 'size' | 'keep'>): Promise<boolean> {
    const { id, mime_type: mimeType, type } = attachment;
    const payload = type === 'image' ? { preview_url: attachment.preview_url } : {};
    return this.db.transaction(async (tx) => {
      const { rowCount } = await query(tx, COMPLETE, [
        id,
        auth.tenantId,
        auth.userId,
        staged.size,
        mimeType,
        type,
        JSON.stringify(payload),
      ]);
      if (rowCount === 0) return false;
      await staged.keep();
      return true;
    });
  }
}
