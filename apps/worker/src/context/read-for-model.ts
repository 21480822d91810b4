import type { Readable } from 'node:stream';
import type { StoredBytes } from '#providers';
import type { AttachmentFiles, AuthContext, StoredFile, ThreadStore } from '#runtime';
import type { RunFiles } from './attachment-budget.js';

/** What models are given for an attachment, and the type that it was uploaded with. */
export interface StoredModelFile extends StoredBytes {
  readonly mimeType: string;
  /** The first bytes of it. */
  readonly head: Buffer;
}

/** The file, or why there is none. */
export type ModelFile = StoredModelFile | 'deleted' | 'not_uploaded';

/** `use` gets the file with so many of its first bytes, which are in memory until it returns. */
export type ReadForModel = <Result>(
  attachmentId: string,
  headBytes: number,
  use: (file: ModelFile) => Promise<Result>,
) => Promise<Result>;

/** Looks these attachments up at once, however many there are; a file is opened when it is read. */
export type OpenForModel = (attachmentIds: readonly string[]) => Promise<ReadForModel>;

/** The one who asks, as the budget tells users apart. Names may hold any character. */
export const ownerKey = ({ tenantId, userId }: AuthContext): string => JSON.stringify([tenantId, userId]);

/** The stream and the pieces of what is read of it are in memory at once. */
const COPIES = 2;

/** Opens attachments of one user; those of others are as if they were deleted. */
export function openForModel(
  store: Pick<ThreadStore, 'findAttachments'>,
  files: Pick<AttachmentFiles, 'read'>,
  { toRead, toSend }: Pick<RunFiles, 'toRead' | 'toSend'>,
  auth: AuthContext,
  signal: AbortSignal,
): OpenForModel {
  return async (ids) => {
    // The records first: they exist only for the owner of the bytes.
    const records = await store.findAttachments(auth, ids);
    return async (id, headBytes, use) => {
      const record = records.get(id);
      if (!record) return use('deleted');
      const { upload_descriptor: isAwaited, mime_type: mimeType } = record.attachment;
      if (isAwaited) return use('not_uploaded');
      const release = await toRead(COPIES * headBytes, signal);
      try {
        const file = await files.read(id, 'model');
        if (!file) return await use('deleted');
        const head = await headOf(file.stream, headBytes);
        const open = async () => streamOf(id, await files.read(id, 'model'));
        return await use({ key: id, size: file.size, mimeType, head, open, toRead, toSend });
      } finally {
        release();
      }
    };
  };
}

function streamOf(id: string, file: Pick<StoredFile, 'stream'> | undefined): Readable {
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
