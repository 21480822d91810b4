import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Attachment, newId } from '#chatkit';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { PrismaThreadStore } from '../threads/prisma-thread-store.js';
import type { StoredAttachment } from '../threads/thread-store.js';
import {
  AttachmentFiles,
  type DirectTransfer,
  type FileView,
  type StagedFile,
  type StoredFile,
} from './attachment-files.js';
import { DeletedFiles } from './deleted-files.js';
import type { FileFacts } from './file-facts.js';
import { type FileLinks, PLACE_ONLY, withLinks } from './file-links.js';
import { fileName } from './file-name.js';
import { Inspections } from './inspections.js';
import { type InspectedUpload, inspectUpload } from './inspect-upload.js';
import type { AttachmentQuota } from './quota.js';
import { tooLarge } from './staging-folder.js';
import { UploadRecords } from './upload-records.js';

/** Limits for the size of a file, in bytes, and of all together. */
export abstract class AttachmentSettings {
  abstract readonly maxBytes: number;
  abstract readonly quota: AttachmentQuota;
}

/**
 * Attachments from creation to deletion: records in the store, bytes in the files. Every method acts on the caller's
 * own attachments [AT-8]; those of other users are `attachment.not_found`. What is stored has no links: they expire.
 */
@Injectable()
export class Attachments {
  readonly maxBytes: number;
  private readonly quota: AttachmentQuota;
  private readonly inspections = new Inspections<Attachment>();

  constructor(
    private readonly store: PrismaThreadStore,
    private readonly uploads: UploadRecords,
    private readonly files: AttachmentFiles,
    private readonly deletedFiles: DeletedFiles,
    { maxBytes, quota }: AttachmentSettings,
  ) {
    this.maxBytes = maxBytes;
    this.quota = quota;
  }

  /** Throws `AppError` `attachment.too_large`. */
  assertFits(size: number): void {
    if (size > this.maxBytes) throw tooLarge(this.maxBytes);
  }

  /**
   * First of two phases: creates a record, and says where the bytes are to be sent [AT-1]. Throws `attachment.too_large` and
   * `attachment.quota`.
   */
  async announce(auth: AuthContext, facts: FileFacts, size: number, links: FileLinks): Promise<Attachment> {
    this.assertFits(size);
    const id = newId('attachment');
    const attachment = { ...describe(id, facts), upload_descriptor: targetAt(PLACE_ONLY.upload(id)) };
    await this.uploads.create(auth, attachment, size, this.quota);
    const target = await this.files.direct?.uploadTarget(id, size);
    return { ...withLinks(attachment, links), upload_descriptor: target ?? targetAt(links.upload(id)) };
  }

  /**
   * Second phase: stores the bytes, once [AT-3], and the type that they have. Throws `attachment.not_found`,
   * `attachment.already_uploaded`, and as `add` for a file that is refused: it may be sent again.
   */
  async upload(auth: AuthContext, id: string, source: Readable): Promise<Attachment> {
    const record = await this.store.loadAttachment(auth, id);
    if (!record.attachment.upload_descriptor) throw alreadyUploaded(id);
    return this.fill(auth, record, source);
  }

  /**
   * Both phases at once. Throws `attachment.too_large`, also for a picture of too many pixels; `attachment.unsupported` for a
   * picture that no model takes; `attachment.unreadable` for a picture or PDF that is damaged, or not what it says it is;
   * `attachment.quota`.
   */
  async add(auth: AuthContext, facts: FileFacts, source: Readable): Promise<Attachment> {
    const id = newId('attachment');
    return this.receive(auth, id, facts, source, async (staged, { mimeType, renditions }) => {
      const attachment = describe(id, { ...facts, mimeType });
      await staged.keep(renditions);
      try {
        await this.uploads.create(auth, attachment, staged.size, this.quota);
      } catch (error) {
        await this.files.delete(id);
        throw error;
      }
      return attachment;
    });
  }

  /**
   * The attachments as a message may be sent with them: what was sent to the object store without us is looked at now. One after
   * another: bytes of many are not on the disk at once. Throws `attachment.not_uploaded`, and as `upload`.
   */
  async inspected(auth: AuthContext, records: readonly StoredAttachment[]): Promise<Attachment[]> {
    const attachments: Attachment[] = [];
    for (const record of records) attachments.push(await this.inspectedOne(auth, record));
    return attachments;
  }

  /** Returns the bytes. Throws `attachment.not_found`, also before they have been uploaded. */
  async open(
    auth: AuthContext,
    id: string,
    view: FileView = 'upload',
  ): Promise<{ readonly attachment: Attachment } & StoredFile> {
    const attachment = await this.stored(auth, id);
    const file = await this.files.read(id, view);
    if (!file) throw notUploadedYet(id);
    return { attachment, ...file };
  }

  /** An attachment that has its bytes. Throws `attachment.not_found`. */
  async stored(auth: AuthContext, id: string): Promise<Attachment> {
    const record = await this.store.loadAttachment(auth, id);
    const attachment = await this.inspectedOne(auth, record).catch((error: unknown) => {
      throw error instanceof AppError && error.code === 'attachment.not_uploaded' ? notUploadedYet(id) : error;
    });
    if (attachment.upload_descriptor) throw notUploadedYet(id);
    return attachment;
  }

  /** The user whose attachment this is. Throws `attachment.not_found`. */
  async ownerOf(tenantId: string, id: string): Promise<string> {
    const owner = await this.uploads.ownerOf(tenantId, id);
    if (owner === undefined) throw new AppError('attachment.not_found', 'The file of this link has been deleted.');
    return owner;
  }

  /** Deletes the record, and then the bytes [RQ-23]; messages retain their copies [AT-7]. */
  async delete(auth: AuthContext, id: string): Promise<void> {
    await this.store.deleteAttachment(auth, id);
    await this.deletedFiles.removeSoon();
  }

  /** Without an object store that is sent to directly, an upload that is missing is a note to the model. */
  private async inspectedOne(auth: AuthContext, record: StoredAttachment): Promise<Attachment> {
    const { attachment } = record;
    const { direct } = this.files;
    if (!attachment.upload_descriptor || !direct) return attachment;
    return this.inspections.once(userKey(auth), attachment.id, () => this.inspect(auth, record, direct));
  }

  private async inspect(auth: AuthContext, record: StoredAttachment, direct: DirectTransfer): Promise<Attachment> {
    const { attachment, size } = record;
    const sent = await direct.openUpload(attachment.id);
    if (!sent) return this.filledMeanwhile(auth, attachment);
    try {
      if (sent.size !== size) throw wrongSize(attachment.name, sent.size, size);
      const done = await this.fill(auth, record, sent.stream);
      await direct.discardUpload(attachment.id);
      return done;
    } catch (error) {
      // It may be sent again. After an outage of the store it is looked at once more.
      if (isRefusal(error)) await direct.discardUpload(attachment.id);
      return await this.unlessFilled(auth, attachment.id, error);
    } finally {
      sent.stream.destroy();
    }
  }

  /** What is gone from where it was sent to may have been taken from there since the record was read. */
  private async filledMeanwhile(auth: AuthContext, { id, name }: Attachment): Promise<Attachment> {
    const { attachment } = await this.store.loadAttachment(auth, id);
    if (!attachment.upload_descriptor) return attachment;
    throw new AppError('attachment.not_uploaded', `${name} was not uploaded. Attach it again.`);
  }

  /** Two processes may take the same upload at the same time. */
  private async unlessFilled(auth: AuthContext, id: string, error: unknown): Promise<Attachment> {
    if (!(error instanceof AppError) || error.code !== 'attachment.already_uploaded') throw error;
    return (await this.store.loadAttachment(auth, id)).attachment;
  }

  /** Stores the bytes of a record that has none. */
  private fill(auth: AuthContext, { attachment, size }: StoredAttachment, source: Readable): Promise<Attachment> {
    const { id, name, mime_type: mimeType, thread_id } = attachment;
    return this.receive(auth, id, { name, mimeType }, source, async (staged, { mimeType: found, renditions }) => {
      if (staged.size !== size) await this.uploads.resize(auth, id, staged.size, this.quota);
      const done = describe(id, { name, mimeType: found });
      if (!(await this.uploads.complete(auth, done, () => staged.keep(renditions)))) throw alreadyUploaded(id);
      return { ...done, thread_id };
    });
  }

  /** Reads and inspects the bytes, and leaves nothing of them behind but what `store` keeps. */
  private async receive(
    auth: AuthContext,
    id: string,
    facts: FileFacts,
    source: Readable,
    store: (staged: StagedFile, inspected: InspectedUpload) => Promise<Attachment>,
  ): Promise<Attachment> {
    const staged = await this.files.stage(id, source, this.maxBytes);
    try {
      const inspected = await inspectUpload(staged, facts, userKey(auth));
      await staged.prepare();
      return await store(staged, inspected);
    } finally {
      // What is left is found by its age.
      await staged.discard().catch(() => undefined);
    }
  }
}

/** Unique over all tenants. */
const userKey = ({ tenantId, userId }: AuthContext): string => JSON.stringify([tenantId, userId]);

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.code !== 'service.unavailable';

const alreadyUploaded = (id: string): AppError =>
  new AppError('attachment.already_uploaded', `The attachment ${id} has its bytes already.`);

const notUploadedYet = (id: string): AppError =>
  new AppError('attachment.not_found', `Nothing has been uploaded for the attachment ${id}.`);

const wrongSize = (name: string, sent: number, announced: number | undefined): AppError =>
  new AppError(
    'attachment.unreadable',
    `${name}: ${sent} bytes were uploaded, and ${announced ?? 'none'} were announced. Attach it again.`,
  );

const targetAt = (url: string) => ({ url, method: 'PUT' as const, headers: {} });

function describe(id: string, { name, mimeType }: FileFacts): Attachment {
  const fields = { id, name: fileName(name), mime_type: mimeType };
  return /^image\//i.test(mimeType)
    ? { ...fields, type: 'image', preview_url: PLACE_ONLY.preview(id) }
    : { ...fields, type: 'file' };
}
