import type { Attachment, IdKind, JsonObject, Page, ThreadItem, ThreadMetadata } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import type { LeftOfThread } from './delete-thread.js';

/** Start, length and direction of a page [PG-1] to [PG-6]. */
export interface PageRequest {
  /** A page has fewer rows when these are too many or too large (`MAX_PAGE_ROWS`, `MAX_PAGE_BYTES`). */
  readonly limit: number;
  /** Id of the last row of the previous page; an unknown one is `cursor.not_found`. */
  readonly after?: string | undefined;
  readonly order: 'asc' | 'desc';
}

/** An attachment with the fields that only the server sees [AT-5]. */
export interface StoredAttachment {
  readonly attachment: Attachment;
  /** Bytes, as the client declared them. */
  readonly size?: number | undefined;
  readonly metadata: JsonObject;
}

/** Thread fields that may be changed on their own, so that a stale copy of the others is not written back [CC-4]. */
export type ThreadChanges = Partial<Pick<ThreadMetadata, 'title' | 'status' | 'allowed_image_domains' | 'metadata'>>;

/**
 * Threads, items and attachments of one caller [ST-1]. What belongs to other users is treated as absent: loads throw
 * `thread.not_found`, `item.not_found`, `attachment.not_found`; deletes and saves do not change it.
 */
export interface ThreadStore {
  /** Hidden items count as rows and are returned [PG-8]; a caller that shows a page removes them. */
  loadItems(auth: AuthContext, threadId: string, page: PageRequest): Promise<Page<ThreadItem>>;
  loadItem(auth: AuthContext, threadId: string, itemId: string): Promise<ThreadItem>;
  /** Appends an item; an existing id is updated in place and keeps its position [ST-5]. */
  addItem(auth: AuthContext, item: ThreadItem): Promise<void>;
  /** Upsert by id; keeps the position. */
  saveItem(auth: AuthContext, item: ThreadItem): Promise<void>;
  /** Does nothing when absent. */
  deleteItem(auth: AuthContext, threadId: string, itemId: string): Promise<void>;

  loadThread(auth: AuthContext, threadId: string): Promise<ThreadMetadata>;
  loadThreads(auth: AuthContext, page: PageRequest): Promise<Page<ThreadMetadata>>;
  /** Upsert of all fields; use `updateThread` to change only some of them. */
  saveThread(auth: AuthContext, thread: ThreadMetadata): Promise<void>;
  updateThread(auth: AuthContext, threadId: string, changes: ThreadChanges): Promise<ThreadMetadata>;
  /** Sets the title of a thread that has none. Returns undefined when it has one by now, or is deleted [TH-4]. */
  titleIfUntitled(auth: AuthContext, threadId: string, title: string): Promise<ThreadMetadata | undefined>;
  /** Deletes the thread, its items and its runs. Throws `thread.not_found`. */
  deleteThread(auth: AuthContext, threadId: string): Promise<LeftOfThread>;

  saveAttachment(auth: AuthContext, attachment: StoredAttachment): Promise<void>;
  loadAttachment(auth: AuthContext, attachmentId: string): Promise<StoredAttachment>;
  /** In the order of the ids; throws for the first that does not exist. */
  loadAttachments(auth: AuthContext, attachmentIds: readonly string[]): Promise<StoredAttachment[]>;
  /** Those that exist, by id. */
  findAttachments(auth: AuthContext, attachmentIds: readonly string[]): Promise<ReadonlyMap<string, StoredAttachment>>;
  deleteAttachment(auth: AuthContext, attachmentId: string): Promise<void>;

  generateThreadId(auth: AuthContext): string;
  generateItemId(auth: AuthContext, kind: IdKind): string;
  generateAttachmentId(auth: AuthContext): string;
}
