import { AppError, type AttachmentFiles, type AuthContext, type ThreadStore } from '#runtime';

/** The bytes that models are given for an attachment, and the type that it was uploaded with; or why there are none. */
export type ModelFile = { readonly bytes: Buffer; readonly mimeType: string } | 'deleted' | 'not_uploaded';

export type ReadForModel = (attachmentId: string) => Promise<ModelFile>;

/** Reads attachments of one user; those of others are as if they were deleted. */
export function readForModel(
  store: Pick<ThreadStore, 'loadAttachment'>,
  files: Pick<AttachmentFiles, 'readForModel'>,
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
    const bytes = isAwaited ? undefined : await files.readForModel(id);
    if (bytes) return { bytes, mimeType };
    return isAwaited ? 'not_uploaded' : 'deleted';
  };
}
