import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Attachment, newId } from '#chatkit';
import { atMost } from '#media';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError } from '../errors/app-error.js';
import { PrismaThreadStore } from '../threads/prisma-thread-store.js';
import { AttachmentFiles, type StagedFile } from './attachment-files.js';
import type { FileFacts } from './file-facts.js';
import { fileName } from './file-name.js';
import { type InspectedUpload, inspectUpload } from './inspect-upload.js';
import { tooLarge } from './local-attachment-files.js';
import { UploadRecords } from './upload-records.js';

/** Limits for the size of a file. */
export abstract class AttachmentSettings {
  abstract readonly maxBytes: number;
}

/** Absolute URL of an attachment's bytes, for upload and for download. */
export type UrlOf = (id: string) => string;

/**
 * Attachments from creation to deletion: records in the store, bytes in the files. Every method acts on the caller's
 * own attachments [AT-8]; those of other users are `attachment.not_found`.
 */
@Injectable()
export class Attachments {
  readonly maxBytes: number;

  constructor(
    private readonly store: PrismaThreadStore,
    private readonly uploads: UploadRecords,
    private readonly files: AttachmentFiles,
    { maxBytes }: AttachmentSettings,
  ) {
    this.maxBytes = maxBytes;
  }

  /** Throws `AppError` `attachment.too_large`. */
  assertFits(size: number): void {
    if (size > this.maxBytes) throw tooLarge(this.maxBytes);
  }

  /** First of two phases: creates a record with the upload URL [AT-1]. Throws `attachment.too_large`. */
  async announce(auth: AuthContext, facts: FileFacts, size: number, urlOf: UrlOf): Promise<Attachment> {
    this.assertFits(size);
    const id = newId('attachment');
    const descriptor = { url: urlOf(id), method: 'PUT' as const, headers: {} };
    const attachment = { ...describe(id, facts, urlOf), upload_descriptor: descriptor };
    await this.store.saveAttachment(auth, { attachment, size, metadata: {} });
    return attachment;
  }

  /**
   * Second phase: stores the bytes, once [AT-3], and the type that they have. Throws `attachment.not_found`,
   * `attachment.already_uploaded`, and as `add` for a file that is refused: it may be sent again.
   */
  async upload(auth: AuthContext, id: string, source: Readable, urlOf: UrlOf): Promise<Attachment> {
    const { attachment } = await this.store.loadAttachment(auth, id);
    if (!attachment.upload_descriptor) throw alreadyUploaded(id);
    const { name, mime_type: mimeType } = attachment;
    return this.receive(id, { name, mimeType }, source, async (staged, inspected) => {
      const done = describe(id, { name, mimeType: inspected.mimeType }, urlOf);
      const keep = (): Promise<void> => this.keep(id, staged, inspected);
      if (!(await this.uploads.complete(auth, done, { size: staged.size, keep }))) throw alreadyUploaded(id);
      return { ...done, thread_id: attachment.thread_id };
    });
  }

  /**
   * Both phases at once. Throws `attachment.too_large`, also for a picture of too many pixels; `attachment.unsupported` for a
   * picture that no model takes; `attachment.unreadable` for a picture or PDF that is damaged, or not what it says it is.
   */
  async add(auth: AuthContext, facts: FileFacts, source: Readable, urlOf: UrlOf): Promise<Attachment> {
    const id = newId('attachment');
    return this.receive(id, facts, source, async (staged, inspected) => {
      const attachment = describe(id, { ...facts, mimeType: inspected.mimeType }, urlOf);
      await this.keep(id, staged, inspected);
      try {
        await this.store.saveAttachment(auth, { attachment, size: staged.size, metadata: {} });
      } catch (error) {
        await this.files.delete(id);
        throw error;
      }
      return attachment;
    });
  }

  /** Reads and inspects the bytes, and leaves nothing of them behind when they, or `store`, fail. */
  private async receive(
    id: string,
    facts: FileFacts,
    source: Readable,
    store: (staged: StagedFile, inspected: InspectedUpload) => Promise<Attachment>,
  ): Promise<Attachment> {
    const staged = await this.files.stage(id, source, this.maxBytes);
    try {
      const inspected = await fewAtOnce(async () => inspectUpload(await staged.read(), facts));
      return await store(staged, inspected);
    } catch (error) {
      await staged.discard();
      throw error;
    }
  }

  private async keep(id: string, staged: StagedFile, { rendition }: InspectedUpload): Promise<void> {
    if (rendition) await this.files.saveRendition(id, rendition);
    await staged.keep();
  }

  /** Returns the bytes. Throws `attachment.not_found`, also before they have been uploaded. */
  async open(auth: AuthContext, id: string) {
    const { attachment } = await this.store.loadAttachment(auth, id);
    const file = attachment.upload_descriptor ? undefined : await this.files.read(id);
    if (!file) throw new AppError('attachment.not_found', `Nothing has been uploaded for the attachment ${id}.`);
    return { attachment, ...file };
  }

  /** Deletes the bytes first, then the record [RQ-23]; messages retain their copies [AT-7]. */
  async delete(auth: AuthContext, id: string): Promise<void> {
    await this.store.loadAttachment(auth, id);
    await this.files.delete(id);
    await this.store.deleteAttachment(auth, id);
  }
}

/** Bytes are in memory while they are inspected. */
const fewAtOnce = atMost(4);

const alreadyUploaded = (id: string): AppError =>
  new AppError('attachment.already_uploaded', `The attachment ${id} has its bytes already.`);

function describe(id: string, { name, mimeType }: FileFacts, urlOf: UrlOf): Attachment {
  const fields = { id, name: fileName(name), mime_type: mimeType };
  return /^image\//i.test(mimeType)
    ? { ...fields, type: 'image', preview_url: urlOf(id) }
    : { ...fields, type: 'file' };
}
