import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { Database } from '../platform/database.js';
import { toAttachment } from './rows.js';
import type { StoredAttachment } from './thread-store.js';

const owned = (auth: AuthContext) => ({ tenantId: auth.tenantId, ownerId: auth.userId });

/** The attachment operations of the store: records only, the bytes are elsewhere. */
export class PrismaAttachments {
  constructor(private readonly db: Database) {}

  async save(auth: AuthContext, { attachment, size, metadata }: StoredAttachment): Promise<void> {
    const { id, name, mime_type: mimeType, type, thread_id: threadId, ...payload } = attachment;
    const fields = {
      name,
      mimeType,
      type,
      threadId: threadId ?? null,
      size: size ?? null,
      payload: payload as Prisma.InputJsonObject,
      metadata: metadata as Prisma.InputJsonObject,
    };
    const { count } = await this.db.prisma.attachment.updateMany({ where: { id, ...owned(auth) }, data: fields });
    if (count === 0) await this.db.prisma.attachment.create({ data: { ...fields, id, ...owned(auth) } });
  }

  async load(auth: AuthContext, id: string): Promise<StoredAttachment> {
    const row = await this.db.prisma.attachment.findFirst({ where: { id, ...owned(auth) } });
    if (!row) throw new AppError('attachment.not_found', `There is no attachment ${id}.`);
    return toAttachment(row);
  }

  async delete(auth: AuthContext, id: string): Promise<void> {
    const { count } = await this.db.prisma.attachment.deleteMany({ where: { id, ...owned(auth) } });
    if (count === 0) throw new AppError('attachment.not_found', `There is no attachment ${id}.`);
  }
}
