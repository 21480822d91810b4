import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { Database } from '../platform/database.js';
import { toAttachment } from './rows.js';
import { assertMetadataFits } from './stored-size.js';
import type { StoredAttachment } from './thread-store.js';
import { updateOrCreate } from './update-or-create.js';

const owned = (auth: AuthContext) => ({ tenantId: auth.tenantId, ownerId: auth.userId });

/** The attachment operations of the store: records only, the bytes are elsewhere. */
export class PrismaAttachments {
  constructor(private readonly db: Database) {}

  async save(auth: AuthContext, { attachment, size, metadata }: StoredAttachment): Promise<void> {
    assertMetadataFits(metadata);
    const { id, name, mime_type: mimeType, type, thread_id: threadId, ...payload } = attachment;
    const access = this.db.of(auth);
    const fields = {
      name,
      mimeType,
      type,
      threadId: threadId ?? null,
      size: size ?? null,
      payload: payload as Prisma.InputJsonObject,
      metadata: metadata as Prisma.InputJsonObject,
    };
    const isSaved = await updateOrCreate(
      () => access.prisma((prisma) => prisma.attachment.updateMany({ where: { id, ...owned(auth) }, data: fields })),
      () => access.prisma((prisma) => prisma.attachment.create({ data: { ...fields, id, ...owned(auth) } })),
    );
    if (!isSaved) throw attachmentNotFound(id);
  }

  async load(auth: AuthContext, id: string): Promise<StoredAttachment> {
    // An id may come from a URL; Postgres does not accept NUL.
    const row = id.includes('\0')
      ? null
      : await this.db.of(auth).prisma((prisma) => prisma.attachment.findFirst({ where: { id, ...owned(auth) } }));
    if (!row) throw attachmentNotFound(id);
    return toAttachment(row);
  }

  /** In the order of the ids, by one statement however many there are. */
  async loadMany(auth: AuthContext, ids: readonly string[]): Promise<StoredAttachment[]> {
    const found = await this.find(auth, ids);
    return ids.map((id) => {
      const attachment = found.get(id);
      if (!attachment) throw attachmentNotFound(id);
      return attachment;
    });
  }

  /** Those that exist, by id, by one statement however many there are. */
  async find(auth: AuthContext, ids: readonly string[]): Promise<ReadonlyMap<string, StoredAttachment>> {
    const asked = [...new Set(ids)].filter((id) => !id.includes('\0'));
    if (asked.length === 0) return new Map();
    const rows = await this.db
      .of(auth)
      .prisma((prisma) => prisma.attachment.findMany({ where: { id: { in: asked }, ...owned(auth) } }));
    return new Map(rows.map((row) => [row.id, toAttachment(row)]));
  }

  async delete(auth: AuthContext, id: string): Promise<void> {
    const { count } = await this.db
      .of(auth)
      .prisma((prisma) => prisma.attachment.deleteMany({ where: { id, ...owned(auth) } }));
    if (count === 0) throw attachmentNotFound(id);
  }
}

const attachmentNotFound = (id: string): AppError =>
  new AppError('attachment.not_found', `There is no attachment ${id}.`);
