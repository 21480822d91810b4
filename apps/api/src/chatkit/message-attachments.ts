import { AppError, type RequestLimits, type StoredAttachment } from '#runtime';

const MB = 1024 * 1024;

/**
 * Refuses a message with too many files, or with too many bytes. As in the protocol, a picture (`type: "image"`) is no file; its bytes
 * count. Throws `AppError` `request.invalid` or `attachment.too_large`.
 */
export function assertFewAttachments(limits: RequestLimits, attachments: readonly StoredAttachment[]): void {
  const files = attachments.filter(({ attachment }) => attachment.type === 'file').length;
  if (files > limits.messageFiles) {
    throw new AppError(
      'request.invalid',
      `A message may have ${limits.messageFiles} files at most, besides pictures, not ${files} (limits.messages.files).`,
    );
  }
  const bytes = attachments.reduce((total, { size = 0 }) => total + size, 0);
  if (bytes > limits.messageAttachmentBytes) {
    const most = Math.floor(limits.messageAttachmentBytes / MB);
    throw new AppError(
      'attachment.too_large',
      `The attachments of a message may have ${most} MB together, not ${Math.ceil(bytes / MB)} MB (limits.messages.attachmentBytes).`,
    );
  }
}
