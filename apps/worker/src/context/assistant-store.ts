import { buffer } from 'node:stream/consumers';
import { type AssistantStore, DEFAULT_PAGE_LIMIT, type StorePage } from '#chatkit';
import { AppError, type AttachmentFiles, type AuthContext, type ThreadStore } from '#runtime';

/** The store as assistant code sees it: bound to one caller, so nothing of other users can be asked for [ST-2]. */
export function assistantStore(
  store: ThreadStore,
  files: Pick<AttachmentFiles, 'read'>,
  auth: AuthContext,
): AssistantStore {
  return {
    loadThread: (threadId) => store.loadThread(auth, threadId),
    loadThreads: (page) => store.loadThreads(auth, whole(page)),
    updateThread: (threadId, changes) => store.updateThread(auth, threadId, changes),
    deleteThread: (threadId) => store.deleteThread(auth, threadId),
    loadItems: (threadId, page) => store.loadItems(auth, threadId, whole(page)),
    loadItem: (threadId, itemId) => store.loadItem(auth, threadId, itemId),
    saveItem: (item) => store.saveItem(auth, item),
    deleteItem: (threadId, itemId) => store.deleteItem(auth, threadId, itemId),
    loadAttachment: (attachmentId) => store.loadAttachment(auth, attachmentId),
    async readAttachment(attachmentId) {
      // The record first: it exists only for the owner of the bytes.
      await store.loadAttachment(auth, attachmentId);
      const file = await files.read(attachmentId);
      if (!file) throw new AppError('attachment.not_found', `The bytes of ${attachmentId} were never uploaded.`);
      return buffer(file.stream);
    },
  };
}

const whole = ({ limit = DEFAULT_PAGE_LIMIT, after, order = 'desc' }: StorePage = {}) => ({ limit, after, order });
