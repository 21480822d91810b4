import { toUSVString } from 'node:util';
import type { Attachment } from '#chatkit';

/** Image types that cannot contain scripts: the only files that a browser may show instead of saving them. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/** How a browser takes a file: its type is what its bytes are, never guessed, and only harmless pictures are shown. */
export interface ContentFacts {
  readonly contentType: string;
  readonly contentDisposition: string;
}

/** @param mediaType of a rendition, which is not that of the attachment */
export function contentFacts({ name, mime_type: given }: Attachment, mediaType = given): ContentFacts {
  const mimeType = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
  const disposition = SHOWN.has(mimeType) ? 'inline' : 'attachment';
  return {
    contentType: MEDIA_TYPE.test(mimeType) ? mimeType : 'application/octet-stream',
    contentDisposition: `${disposition}; filename*=UTF-8''${encoded(name)}`,
  };
}

/**
 * Headers for a file that is not trusted: nothing in it may be executed, wherever it is opened. Pages of other origins may show
 * it by a signed link, and not by who is logged in.
 */
export function safeHeaders({ isSigned }: { readonly isSigned: boolean }): Record<string, string> {
  return {
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': isSigned ? 'cross-origin' : 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-cache',
  };
}

/** RFC 8187; an unpaired surrogate cannot be encoded. */
const encoded = (name: string): string =>
  encodeURIComponent(toUSVString(name)).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
