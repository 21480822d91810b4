import { buffer } from 'node:stream/consumers';
import { type AssistantStore, DEFAULT_PAGE_LIMIT, type StorePage } from '#chatkit';
import { othersFirst } from '../output/pace.js';
import { AppError, type AttachmentFiles, type AuthContext, type ThreadStore } from '#runtime';
import type { LeftOfThread } from '#runtime/worker';

interface AssistantStoreDeps {
  readonly store: ThreadStore;
  readonly files: Pick<AttachmentFiles, 'read'>;
  /** Deletes the copies of a deleted thread's answers. */
  readonly forgetLogs: (left: LeftOfThread) => Promise<void>;
}

/** What the pieces of a file and the whole of it take while it is read. */
const COPIES = 2;

interface StoreLimits {
  readonly isTooLate?: (() => boolean) | undefined;
  /** Waits until so many bytes may be held by the code. */
  readonly hold?: ((bytes: number) => Promise<void>) | undefined;
}

/** The store as assistant code sees it: bound to one caller, so nothing of other users can be asked for [ST-2]. */
export function assistantStore(
  { store, files, forgetLogs }: AssistantStoreDeps,
  auth: AuthContext,
  { isTooLate = () => false, hold }: StoreLimits = {},
): AssistantStore {
  const inTime = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (!isTooLate()) return write();
    // Code that was left behind may try again and again.
    await othersFirst();
    throw new Error('This run has ended, and its code was left behind: it can write nothing more.');
  };
  /** Of a record that code has saved without a size. */
  const sizeOf = async (attachmentId: string): Promise<number | undefined> => {
    const file = await files.read(attachmentId);
    file?.stream.destroy();
    return file?.size;
  };
  return {
    loadThread: (threadId) => store.loadThread(auth, threadId),
    loadThreads: (page) => store.loadThreads(auth, whole(page)),
    updateThread: (threadId, changes) => inTime(() => store.updateThread(auth, threadId, changes)),
    deleteThread: (threadId) => inTime(async () => forgetLogs(await store.deleteThread(auth, threadId))),
    loadItems: (threadId, page) => store.loadItems(auth, threadId, whole(page)),
    loadItem: (threadId, itemId) => store.loadItem(auth, threadId, itemId),
    saveItem: (item) => inTime(() => store.saveItem(auth, item)),
    deleteItem: (threadId, itemId) => inTime(() => store.deleteItem(auth, threadId, itemId)),
    loadAttachment: (attachmentId) => store.loadAttachment(auth, attachmentId),
    saveAttachment: (record) => inTime(() => store.saveAttachment(auth, record)),
    // The sweep of the workers removes the bytes of records that are gone.
    deleteAttachment: (attachmentId) => inTime(() => store.deleteAttachment(auth, attachmentId)),
    async readAttachment(attachmentId) {
      // The record first: it exists only for the owner of the bytes.
      const { attachment, size } = await store.loadAttachment(auth, attachmentId);
      const bytes = attachment.upload_descriptor ? undefined : (size ?? (await sizeOf(attachmentId)));
      // Opened after the wait, which may be long: a store ends connections that nobody reads from.
      if (bytes !== undefined) await hold?.(COPIES * bytes);
      const file = bytes === undefined ? undefined : await files.read(attachmentId);
      if (!file) throw new AppError('attachment.not_found', `The bytes of ${attachmentId} were never uploaded.`);
      return buffer(file.stream);
    },
  };
}

const whole = ({ limit = DEFAULT_PAGE_LIMIT, after, order = 'desc' }: StorePage = {}) => ({ limit, after, order });
