import { Attachment, fromPayload, JsonObject, type ThreadItem, ThreadMetadata } from '#chatkit';
import type { AttachmentModel, ThreadModel } from '../generated/prisma/models.js';
import { instant, json, type RowOf, text } from '../platform/statement.js';
import { toTimestamp } from '../platform/timestamp.js';
import type { StoredAttachment } from './thread-store.js';

/** Rows are parsed on every read: an older or newer version may have written them. */

/** The columns of a thread that are parsed: JSON of any content. */
interface ThreadRow extends Pick<ThreadModel, 'id' | 'createdAt' | 'title'> {
  readonly status: unknown;
  readonly allowedImageDomains: unknown;
  readonly metadata: unknown;
}

export function toThread(row: ThreadRow): ThreadMetadata {
  return ThreadMetadata.parse({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    title: row.title,
    status: row.status,
    allowed_image_domains: row.allowedImageDomains,
    metadata: row.metadata,
  });
}

/** The columns of an item in SQL; the driver parses the payload. Not by Prisma, which loses microseconds. */
export const ITEM_COLUMNS = { id: text(), thread_id: text(), created_at: instant(), payload: json() };

/** The same as a list in SQL. */
export const itemColumnsSql = Object.keys(ITEM_COLUMNS).join(', ');

export type ItemRow = RowOf<typeof ITEM_COLUMNS>;

export const toItem = ({ id, thread_id: threadId, created_at: createdAt, payload }: ItemRow): ThreadItem =>
  fromPayload({ id, threadId, createdAt, payload });

/** An item of a prompt, and what decides where a turn begins. */
export interface HistoryRow extends ItemRow {
  readonly type: string;
}

/** A row in a JSON array: its time is as Postgres writes it. */
export const fromJson = (row: HistoryRow): HistoryRow => ({ ...row, created_at: toTimestamp(row.created_at) });

export function toAttachment(row: AttachmentModel): StoredAttachment {
  return {
    attachment: Attachment.parse({
      ...JsonObject.parse(row.payload),
      id: row.id,
      name: row.name,
      mime_type: row.mimeType,
      type: row.type,
      thread_id: row.threadId,
    }),
    size: row.size === null ? undefined : Number(row.size),
    metadata: JsonObject.parse(row.metadata),
  };
}
