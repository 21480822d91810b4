import type { Readable } from 'node:stream';
import type { StoredBytes } from '#providers';
import { AppError, type AttachmentFiles, type AuthContext, type ThreadStore } from '#runtime';
import type { AttachmentBudget } from './attachment-budget.js';

/** What models are given for an attachment, and the type that it was uploaded with. */
export interface StoredModelFile extends StoredBytes {
  readonly mimeType: string;
  /** The first bytes of it. */
  head(bytes: number): Promise<Buffer>;
}

/** The file, or why there is none. */
export type ModelFile = StoredModelFile | 'deleted' | 'not_uploaded';

export type ReadForModel = (attachmentId: string) => Promise<ModelFile>;

/** Opens attachments of one user; those of others are as if they were deleted. */
export function readForModel(
  store: Pick<ThreadStore, 'loadAttachment'>,
  files: Pick<AttachmentFiles, 'read'>,
  budget: Pick<AttachmentBudget, 'reserve'>,
  auth: AuthContext,
): ReadForModel {
  return async (id) => {
    // The record first: it exists only for the owner of the bytes.
    const record = await store.loadAttachment(auth, id).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'attachment.not_found') return undefined;
      throw error;
    });
    if (!record) return 'deleted';
    const { upload_descriptor: isAwaited, mime_type: mimeType } = record.attachment;
    if (isAwaited) return 'not_uploaded';
    const open = () => files.read(id, 'model');
    const file = await open();
    if (!file) return 'deleted';
    file.stream.destroy();
    return {
      key: id,
      size: file.size,
      mimeType,
      open: async () => streamOf(id, await open()),
      head: async (bytes) => headOf(streamOf(id, await open()), bytes),
      reserve: (bytes) => budget.reserve(`${auth.tenantId} ${auth.userId}`, bytes),
    };
  };
}

function streamOf(id: string, file: { readonly stream: Readable } | undefined): Readable {
  if (file) return file.stream;
  throw new Error(`the attachment ${id} was deleted while it was being read`);
}

/** Ends the stream when it has enough. */
async function headOf(stream: Readable, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
