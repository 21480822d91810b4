import { Injectable } from '@nestjs/common';
import { type IdKind, newId, type Page, type ThreadItem, type ThreadMetadata } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { Prisma } from '../generated/prisma/client.js';
import { Database } from '../platform/database.js';
import { prepared, query } from '../platform/statement.js';
import { deleteThread, type LeftOfThread } from './delete-thread.js';
import { PrismaAttachments } from './prisma-attachments.js';
import { raisedTo } from './item-times.js';
import { LOAD_PAGE } from './item-page.js';
import { LOAD_THREADS } from './thread-page.js';
import { cutPage, MAX_PAGE_BYTES, MAX_PAGE_ROWS } from './page-size.js';
import { ITEM_COLUMNS, itemColumnsSql, toItem, toThread } from './rows.js';
import { assertMetadataFits, payloadJson } from './stored-size.js';
import { updateOrCreate } from './update-or-create.js';
import type { PageRequest, StoredAttachment, ThreadChanges, ThreadStore } from './thread-store.js';

/** The thread's row is locked first, as everywhere: positions are assigned in commit order. */
const SAVE_ITEM = prepared(
  'store-item-save',
  `
    WITH thread AS (
      UPDATE threads SET last_position = last_position + 1, last_item_at = ${raisedTo('$7')}
      WHERE id = $1 AND tenant_id = $3 AND owner_id = $4 RETURNING last_position
    )
    INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload, created_at)
    SELECT $1, $2, $3, $4, last_position, last_position, $5, $6::json, $7 FROM thread
    ON CONFLICT (thread_id, id) DO UPDATE SET type = excluded.type, payload = excluded.payload`,
);

const LOAD_ITEM = prepared(
  'store-item',
  `SELECT ${itemColumnsSql} FROM items WHERE thread_id = $1 AND id = $2 AND tenant_id = $3 AND owner_id = $4`,
  ITEM_COLUMNS,
);

const owned = (auth: AuthContext) => ({ tenantId: auth.tenantId, ownerId: auth.userId });

@Injectable()
export class PrismaThreadStore implements ThreadStore {
  private readonly attachments: PrismaAttachments;

  constructor(private readonly db: Database) {
    this.attachments = new PrismaAttachments(db);
  }

  async loadItems(auth: AuthContext, threadId: string, page: PageRequest): Promise<Page<ThreadItem>> {
    const access = this.db.of(auth);
    const [thread, cursor] = await Promise.all([
      access.prisma(({ thread: threads }) =>
        threads.findFirst({ where: { id: threadId, ...owned(auth) }, select: { id: true } }),
      ),
      page.after === undefined
        ? undefined
        : access.prisma(({ item }) =>
            item.findFirst({ where: { threadId, id: page.after, ...owned(auth) }, select: { position: true } }),
          ),
    ]);
    if (!thread) throw threadNotFound(threadId);
    if (cursor === null) throw cursorNotFound(page.after);
    const take = Math.min(page.limit, MAX_PAGE_ROWS);
    const values = [threadId, cursor?.position, take + 1, MAX_PAGE_BYTES];
    const { rows } = await query(access, LOAD_PAGE[page.order], values);
    return cutPage(rows, take, ({ bytes }) => bytes, toItem);
  }

  async loadItem(auth: AuthContext, threadId: string, itemId: string): Promise<ThreadItem> {
    const { rows } = await query(this.db.of(auth), LOAD_ITEM, [threadId, itemId, auth.tenantId, auth.userId]);
    const [row] = rows;
    if (!row) throw new AppError('item.not_found', `There is no item ${itemId} in thread ${threadId}.`);
    return toItem(row);
  }

  async addItem(auth: AuthContext, item: ThreadItem): Promise<void> {
    await this.saveItem(auth, item);
  }

  async saveItem(auth: AuthContext, item: ThreadItem): Promise<void> {
    const values = [item.thread_id, item.id, auth.tenantId, auth.userId, item.type, payloadJson(item), item.created_at];
    const { rowCount } = await query(this.db.of(auth), SAVE_ITEM, values);
    if (rowCount === 0) throw threadNotFound(item.thread_id);
  }

  async deleteItem(auth: AuthContext, threadId: string, itemId: string): Promise<void> {
    await this.db.of(auth).prisma(({ item }) => item.deleteMany({ where: { threadId, id: itemId, ...owned(auth) } }));
  }

  async loadThread(auth: AuthContext, threadId: string): Promise<ThreadMetadata> {
    const row = await this.db
      .of(auth)
      .prisma(({ thread }) => thread.findFirst({ where: { id: threadId, ...owned(auth) } }));
    if (!row) throw threadNotFound(threadId);
    return toThread(row);
  }

  async loadThreads(auth: AuthContext, page: PageRequest): Promise<Page<ThreadMetadata>> {
    const access = this.db.of(auth);
    const cursor =
      page.after === undefined
        ? undefined
        : await access.prisma(({ thread }) =>
            thread.findFirst({ where: { id: page.after, ...owned(auth) }, select: { position: true } }),
          );
    if (cursor === null) throw cursorNotFound(page.after);
    const take = Math.min(page.limit, MAX_PAGE_ROWS);
    const values = [auth.tenantId, auth.userId, cursor?.position, take + 1, MAX_PAGE_BYTES];
    const { rows } = await query(access, LOAD_THREADS[page.order], values);
    return cutPage(rows, take, ({ bytes }) => bytes, toThread);
  }

  async saveThread(auth: AuthContext, thread: ThreadMetadata): Promise<void> {
    const { id, title, status, allowed_image_domains, metadata } = thread;
    const access = this.db.of(auth);
    const fields = threadFields({ title, status, allowed_image_domains, metadata });
    const isSaved = await updateOrCreate(
      () => access.prisma((prisma) => prisma.thread.updateMany({ where: { id, ...owned(auth) }, data: fields })),
      () =>
        access.prisma((prisma) =>
          prisma.thread.create({
            data: { ...fields, id, ...owned(auth), createdAt: new Date(thread.created_at) },
          }),
        ),
    );
    if (!isSaved) throw threadNotFound(id);
  }

  async updateThread(auth: AuthContext, threadId: string, changes: ThreadChanges): Promise<ThreadMetadata> {
    const rows = await this.db.of(auth).prisma(({ thread }) =>
      thread.updateManyAndReturn({
        where: { id: threadId, ...owned(auth) },
        data: threadFields(changes),
      }),
    );
    const [row] = rows;
    if (!row) throw threadNotFound(threadId);
    return toThread(row);
  }

  async titleIfUntitled(auth: AuthContext, threadId: string, title: string): Promise<ThreadMetadata | undefined> {
    const [row] = await this.db.of(auth).prisma(({ thread }) =>
      thread.updateManyAndReturn({
        where: { id: threadId, ...owned(auth), title: null },
        // Postgres text cannot hold NUL, and a model may write one.
        data: { title: title.replaceAll('\0', '') },
      }),
    );
    return row && toThread(row);
  }

  deleteThread(auth: AuthContext, threadId: string): Promise<LeftOfThread> {
    return deleteThread(this.db.of(auth), auth, threadId);
  }

  saveAttachment(auth: AuthContext, attachment: StoredAttachment): Promise<void> {
    return this.attachments.save(auth, attachment);
  }

  loadAttachment(auth: AuthContext, attachmentId: string): Promise<StoredAttachment> {
    return this.attachments.load(auth, attachmentId);
  }

  loadAttachments(auth: AuthContext, attachmentIds: readonly string[]): Promise<StoredAttachment[]> {
    return this.attachments.loadMany(auth, attachmentIds);
  }

  findAttachments(auth: AuthContext, attachmentIds: readonly string[]): Promise<ReadonlyMap<string, StoredAttachment>> {
    return this.attachments.find(auth, attachmentIds);
  }

  deleteAttachment(auth: AuthContext, attachmentId: string): Promise<void> {
    return this.attachments.delete(auth, attachmentId);
  }

  generateThreadId(_auth: AuthContext): string {
    return newId('thread');
  }

  generateItemId(_auth: AuthContext, kind: IdKind): string {
    return newId(kind);
  }

  generateAttachmentId(_auth: AuthContext): string {
    return newId('attachment');
  }
}

/** Only the fields that are given are written; a field that is given as undefined is cleared. */
function threadFields(changes: ThreadChanges) {
  if (changes.metadata) assertMetadataFits(changes.metadata);
  return {
    ...('title' in changes && { title: changes.title ?? null }),
    ...(changes.status && { status: changes.status }),
    ...('allowed_image_domains' in changes && {
      allowedImageDomains: changes.allowed_image_domains ?? Prisma.DbNull,
    }),
    ...(changes.metadata && { metadata: changes.metadata as Prisma.InputJsonObject }),
  };
}

const threadNotFound = (id: string): AppError => new AppError('thread.not_found', `There is no thread ${id}.`);
const cursorNotFound = (id: string | undefined): AppError =>
  new AppError('cursor.not_found', `There is nothing with the id ${id} to go on from.`);
