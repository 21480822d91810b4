import { Attachment, fromPayload, JsonObject, type ThreadItem, ThreadMetadata } from '#chatkit';
import type { AttachmentModel, ItemModel, ThreadModel } from '../generated/prisma/models.js';
import type { StoredAttachment } from './thread-store.js';

/** Rows are parsed on every read: an older or newer version may have written them. */

export function toThread(row: ThreadModel): ThreadMetadata {
  return ThreadMetadata.parse({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    title: row.title,
    status: row.status,
    allowed_image_domains: row.allowedImageDomains,
    metadata: row.metadata,
  });
}

export function toItem(row: Pick<ItemModel, 'id' | 'threadId' | 'createdAt' | 'payload'>): ThreadItem {
  return fromPayload(row);
}

/** The columns of an item in SQL; the driver parses the payload. */
export interface HistoryRow {
  readonly id: string;
  readonly thread_id: string;
  /** A string when the row came inside JSON. */
  readonly created_at: Date | string;
  readonly payload: unknown;
  readonly type: string;
}

export const toHistoryItem = (row: Omit<HistoryRow, 'type'>): ThreadItem =>
  fromPayload({ id: row.id, threadId: row.thread_id, createdAt: new Date(row.created_at), payload: row.payload });

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
