import { toUSVString } from 'node:util';
import type { Attachment } from '#chatkit';

/** Image types that cannot contain scripts: the only files that a browser may show instead of saving them. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/**
 * Headers for a file that is not trusted: its type is the one given at the upload, never guessed, and nothing in it may be
 * executed, wherever it is opened.
 */
export function downloadHeaders({ name, mime_type: given }: Attachment, size: number): Record<string, string> {
  const mimeType = (given.split(';', 1)[0] ?? '').trim().toLowerCase();
  const disposition = SHOWN.has(mimeType) ? 'inline' : 'attachment';
  return {
    'content-type': MEDIA_TYPE.test(mimeType) ? mimeType : 'application/octet-stream',
    'content-length': String(size),
    'content-disposition': `${disposition}; filename*=UTF-8''${encoded(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  };
}

/** RFC 8187; an unpaired surrogate cannot be encoded. */
const encoded = (name: string): string =>
  encodeURIComponent(toUSVString(name)).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
