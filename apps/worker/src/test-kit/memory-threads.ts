import { Readable } from 'node:stream';
import { newId, type Page, type ThreadItem, type ThreadMetadata, toPayload } from '#chatkit';
import { AppError, type AuthContext, type StoredAttachment, type ThreadStore } from '#runtime';
import type { Claim, LeftOfThread } from '#runtime/worker';

type PageRequest = Parameters<ThreadStore['loadThreads']>[1];

/** The threads, items and files of one user, in memory. */
export class MemoryThreads implements ThreadStore {
  readonly #threads = new Map<string, ThreadMetadata>();
  readonly #items = new Map<string, ThreadItem[]>();
  readonly #attachments = new Map<string, StoredAttachment>();
  readonly #bytes = new Map<string, Uint8Array>();

  /** In the order of the thread, hidden ones among them. */
  itemsOf(threadId: string): readonly ThreadItem[] {
    return this.#items.get(threadId) ?? [];
  }

  put(item: ThreadItem): void {
    const items = this.#items.get(item.thread_id) ?? [];
    const place = items.findIndex(({ id }) => id === item.id);
    if (place < 0) items.push(item);
    else items[place] = item;
    this.#items.set(item.thread_id, items);
  }

  remove(threadId: string, ids: readonly string[]): void {
    this.#items.set(
      threadId,
      this.itemsOf(threadId).filter(({ id }) => !ids.includes(id)),
    );
  }

  /** As a claim has it: newest first. */
  history(threadId: string): NonNullable<Claim['history']> {
    const rows = this.itemsOf(threadId).map((item) => ({
      id: item.id,
      thread_id: item.thread_id,
      created_at: item.created_at,
      type: item.type,
      payload: toPayload(item),
    }));
    return { limit: Number.MAX_SAFE_INTEGER, rows: rows.toReversed() };
  }

  keepFile(attachment: StoredAttachment['attachment'], bytes: Uint8Array): void {
    this.#attachments.set(attachment.id, { attachment, size: bytes.length, metadata: {} });
    this.#bytes.set(attachment.id, bytes);
  }

  readonly files = {
    read: async (id: string) => {
      const bytes = this.#bytes.get(id);
      return bytes && { stream: Readable.from([Buffer.from(bytes)]), size: bytes.length };
    },
  };

  async loadItems(_auth: AuthContext, threadId: string, page: PageRequest): Promise<Page<ThreadItem>> {
    await this.loadThread(_auth, threadId);
    return pageOf(this.itemsOf(threadId), page);
  }

  async loadItem(_auth: AuthContext, threadId: string, itemId: string): Promise<ThreadItem> {
    const item = this.itemsOf(threadId).find(({ id }) => id === itemId);
    if (item) return item;
    throw new AppError('item.not_found', `There is no item ${itemId} in the thread ${threadId}.`);
  }

  async addItem(_auth: AuthContext, item: ThreadItem): Promise<void> {
    this.put(item);
  }

  async saveItem(_auth: AuthContext, item: ThreadItem): Promise<void> {
    this.put(item);
  }

  async deleteItem(_auth: AuthContext, threadId: string, itemId: string): Promise<void> {
    this.remove(threadId, [itemId]);
  }

  async loadThread(_auth: AuthContext, threadId: string): Promise<ThreadMetadata> {
    const thread = this.#threads.get(threadId);
    if (thread) return thread;
    throw new AppError('thread.not_found', `There is no thread ${threadId}.`);
  }

  async loadThreads(_auth: AuthContext, page: PageRequest): Promise<Page<ThreadMetadata>> {
    return pageOf([...this.#threads.values()], page);
  }

  async saveThread(_auth: AuthContext, thread: ThreadMetadata): Promise<void> {
    this.#threads.set(thread.id, thread);
  }

  async updateThread(
    auth: AuthContext,
    threadId: string,
    changes: Parameters<ThreadStore['updateThread']>[2],
  ): Promise<ThreadMetadata> {
    const changed = { ...(await this.loadThread(auth, threadId)), ...changes };
    this.#threads.set(threadId, changed);
    return changed;
  }

  async titleIfUntitled(auth: AuthContext, threadId: string, title: string): Promise<ThreadMetadata | undefined> {
    const thread = this.#threads.get(threadId);
    return thread && thread.title === undefined ? this.updateThread(auth, threadId, { title }) : undefined;
  }

  async deleteThread(auth: AuthContext, threadId: string): Promise<LeftOfThread> {
    await this.loadThread(auth, threadId);
    this.#threads.delete(threadId);
    this.#items.delete(threadId);
    return { working: [], logged: [] };
  }

  async saveAttachment(_auth: AuthContext, stored: StoredAttachment): Promise<void> {
    this.#attachments.set(stored.attachment.id, stored);
  }

  async loadAttachment(_auth: AuthContext, id: string): Promise<StoredAttachment> {
    const stored = this.#attachments.get(id);
    if (stored) return stored;
    throw new AppError('attachment.not_found', `There is no attachment ${id}.`);
  }

  loadAttachments(auth: AuthContext, ids: readonly string[]): Promise<StoredAttachment[]> {
    return Promise.all(ids.map((id) => this.loadAttachment(auth, id)));
  }

  async findAttachments(_auth: AuthContext, ids: readonly string[]): Promise<ReadonlyMap<string, StoredAttachment>> {
    return new Map(ids.flatMap((id) => [[id, this.#attachments.get(id)] as const]).filter(isStored));
  }

  async deleteAttachment(_auth: AuthContext, id: string): Promise<void> {
    this.#attachments.delete(id);
    this.#bytes.delete(id);
  }

  generateThreadId = (): string => newId('thread');
  generateItemId: ThreadStore['generateItemId'] = (_auth, kind) => newId(kind);
  generateAttachmentId = (): string => newId('attachment');
}

function pageOf<T extends { readonly id: string }>(all: readonly T[], { limit, after, order }: PageRequest): Page<T> {
  const sorted = order === 'asc' ? [...all] : all.toReversed();
  const from = after === undefined ? 0 : sorted.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) throw new AppError('cursor.not_found', `There is no ${after} to begin after.`);
  const data = sorted.slice(from, from + limit);
  return from + limit < sorted.length ? { data, has_more: true, after: data.at(-1)?.id } : { data, has_more: false };
}

const isStored = (
  entry: readonly [string, StoredAttachment | undefined],
): entry is readonly [string, StoredAttachment] => entry[1] !== undefined;
