import type { Attachment } from '../protocol/attachment.js';
import type { ThreadItem } from '../protocol/item.js';
import type { JsonObject } from '../protocol/json.js';
import type { Page } from '../protocol/page.js';
import type { ThreadMetadata } from '../protocol/thread.js';

/** Where a page begins, its length and its order [PG-1] to [PG-6]. */
export interface StorePage {
  /** Rows; 20 by default. */
  readonly limit?: number;
  readonly after?: string;
  /** `desc`, newest first, by default. */
  readonly order?: 'asc' | 'desc';
}

/** Thread fields that can be changed, each on its own [CC-4]. */
export type ThreadFieldChanges = Partial<
  Pick<ThreadMetadata, 'title' | 'status' | 'allowed_image_domains' | 'metadata'>
>;

/** An attachment with its private fields [AT-5]. */
export interface AttachmentRecord {
  readonly attachment: Attachment;
  /** Bytes, as declared. */
  readonly size?: number | undefined;
  readonly metadata: JsonObject;
}

/**
 * The threads, items and attachments of the user who is asking; those of other users cannot be reached [ST-2]. Loads
 * throw when nothing has that id. Saving an item is an upsert that keeps its position [ST-5] and does not show it: yield
 * an event, or use the context's helpers, for what the page must show.
 */
export interface AssistantStore {
  loadThread(threadId: string): Promise<ThreadMetadata>;
  /** A page of the user's threads. */
  loadThreads(page?: StorePage): Promise<Page<ThreadMetadata>>;
  /** Changes only these fields; `ctx.updateThread` does the same for the thread of the turn, and tells the page. */
  updateThread(threadId: string, changes: ThreadFieldChanges): Promise<ThreadMetadata>;
  /** Deletes the thread with all that belongs to it. */
  deleteThread(threadId: string): Promise<void>;
  /** A page of a thread's items, those that pages never see among them. */
  loadItems(threadId: string, page?: StorePage): Promise<Page<ThreadItem>>;
  loadItem(threadId: string, itemId: string): Promise<ThreadItem>;
  /** Adds an item, or replaces the one with its id. */
  saveItem(item: ThreadItem): Promise<void>;
  /** Does nothing when there is no such item. */
  deleteItem(threadId: string, itemId: string): Promise<void>;
  /** The record of an attachment, not its bytes. */
  loadAttachment(attachmentId: string): Promise<AttachmentRecord>;
  /** The record alone, by its id; its bytes are what was uploaded. Another user's id is not found. */
  saveAttachment(record: AttachmentRecord): Promise<void>;
  /** The record at once, and its bytes soon after. Messages retain their copies of the record [AT-7]. */
  deleteAttachment(attachmentId: string): Promise<void>;
  /** The bytes of an uploaded attachment. */
  readAttachment(attachmentId: string): Promise<Uint8Array>;
}
