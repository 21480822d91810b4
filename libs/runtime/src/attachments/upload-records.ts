import { Injectable } from '@nestjs/common';
import type { Attachment } from '#chatkit';
import { atMost } from '#media';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { Database, type Queryable } from '../platform/database.js';
import { bigint, prepared, query, text } from '../platform/statement.js';
import { type AttachmentQuota, quotaProblem } from './quota.js';

const CREATE = prepared(
  'upload-create',
  `INSERT INTO attachments (id, tenant_id, owner_id, name, mime_type, type, size, payload)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
);

const RESIZE = prepared(
  'upload-resize',
  `UPDATE attachments SET size = $4 WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 AND size IS DISTINCT FROM $4::bigint`,
);

/** Under the lock of the tenant's row, which the triggers on attachments have taken. */
const TOTALS = prepared(
  'upload-totals',
  `SELECT owner_id AS "ownerId", files, bytes FROM attachment_totals
   WHERE tenant_id = $1 AND owner_id = ANY(ARRAY['', $2])`,
  { ownerId: text(), files: bigint(), bytes: bigint() },
);

const COMPLETE = prepared(
  'upload-complete',
  `UPDATE attachments
   SET payload = payload - 'upload_descriptor' - 'preview_url' || $6::jsonb, mime_type = $4, type = $5
   WHERE id = $1 AND tenant_id = $2 AND owner_id = $3 AND payload -> 'upload_descriptor' IS NOT NULL`,
);

const OWNER = prepared(
  'attachment-owner',
  'SELECT owner_id AS "ownerId" FROM attachments WHERE id = $1 AND tenant_id = $2',
  {
    ownerId: text(),
  },
);

/** Of a process's ten connections: a store that is slow or silent leaves the others to everybody else. */
const STORED_AT_ONCE = 3;

/** The part of an upload that is decided in Postgres. */
@Injectable()
export class UploadRecords {
  private readonly fewAtOnce = atMost(STORED_AT_ONCE);

  constructor(private readonly db: Database) {}

  /** The user whose attachment this is: a signed link names the tenant and the file only. */
  async ownerOf(tenantId: string, id: string): Promise<string | undefined> {
    const { rows } = await query(this.db.system, OWNER, [id, tenantId]);
    return rows[0]?.ownerId;
  }

  /** Stores a record. Throws `AppError` `attachment.quota`. */
  create(auth: AuthContext, attachment: Attachment, size: number, quota: AttachmentQuota): Promise<void> {
    const { id, name, mime_type: mimeType, type, thread_id: _thread, ...payload } = attachment;
    return this.db.of(auth).transaction(async (tx) => {
      await query(tx, CREATE, [...of(auth, id), name, mimeType, type, size, JSON.stringify(payload)]);
      await assertRoom(tx, auth, quota);
    });
  }

  /** Stores the size that an upload really has. Throws `AppError` `attachment.quota`. */
  resize(auth: AuthContext, id: string, size: number, quota: AttachmentQuota): Promise<void> {
    return this.db.of(auth).transaction(async (tx) => {
      const { rowCount } = await query(tx, RESIZE, [...of(auth, id), size]);
      if (rowCount !== 0) await assertRoom(tx, auth, quota);
    });
  }

  /**
   * Stores the bytes by `keep`, and their type, and clears the descriptor, under the record's lock: of two concurrent uploads
   * one succeeds, and a process that dies in between leaves a record that still expects its bytes. Returns false when the bytes
   * are already stored, or the record is deleted. A connection waits for `keep`, so three are stored at once.
   */
  complete(auth: AuthContext, attachment: Attachment, keep: () => Promise<void>): Promise<boolean> {
    const { id, mime_type: mimeType, type } = attachment;
    const payload = type === 'image' ? { preview_url: attachment.preview_url } : {};
    const values = [...of(auth, id), mimeType, type, JSON.stringify(payload)];
    const store = async (tx: Queryable): Promise<boolean> => {
      const { rowCount } = await query(tx, COMPLETE, values);
      if (rowCount === 0) return false;
      await keep();
      return true;
    };
    return this.fewAtOnce(() => this.db.of(auth).transaction(store));
  }
}

const of = ({ tenantId, userId }: AuthContext, id: string): string[] => [id, tenantId, userId];

async function assertRoom(tx: Queryable, auth: AuthContext, quota: AttachmentQuota): Promise<void> {
  const { rows } = await query(tx, TOTALS, [auth.tenantId, auth.userId]);
  for (const { ownerId, files, bytes } of rows) {
    const stored = { files: Number(files), bytes: Number(bytes) };
    const problem = quotaProblem(ownerId === '' ? 'perTenant' : 'perUser', stored, quota);
    if (problem) throw new AppError('attachment.quota', problem);
  }
}
