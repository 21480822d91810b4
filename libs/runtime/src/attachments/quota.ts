/** How much may be stored. */
export interface AttachmentLimits {
  readonly files: number | null;
  readonly bytes: number | null;
}

/** null: no limit. */
export interface AttachmentQuota {
  readonly perUser: AttachmentLimits;
  readonly perTenant: AttachmentLimits;
}

const WHO = { perUser: 'You have', perTenant: 'Your organization has' } as const;

/** Why these totals are too much, for the person who uploads; undefined when they are not. */
export function quotaProblem(
  scope: keyof AttachmentQuota,
  { files, bytes }: { readonly files: number; readonly bytes: number },
  quota: AttachmentQuota,
): string | undefined {
  const limits = quota[scope];
  const isFull = `${WHO[scope]} no room for this file`;
  const remedy = 'Delete attachments or chats that have some and try again.';
  if (limits.files !== null && files > limits.files) return `${isFull}: ${limits.files} files are allowed. ${remedy}`;
  if (limits.bytes !== null && bytes > limits.bytes) {
    return `${isFull}: files may have ${sizeOf(limits.bytes)} together. ${remedy}`;
  }
  return undefined;
}

const MB = 1024 * 1024;

const sizeOf = (bytes: number): string => (bytes >= MB ? `${Math.floor(bytes / MB)} MB` : `${bytes} bytes`);
