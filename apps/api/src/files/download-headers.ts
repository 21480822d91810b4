import { toUSVString } from 'node:util';
import type { Attachment } from '#chatkit';

/** Pictures that cannot hold a script: the only files that a browser may show instead of saving them. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

/**
 * What a stranger's file is sent with: its type as it was given, never guessed; and nothing in it may run, whatever
 * it is and wherever it is opened.
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

/** RFC 8187; a lone half of a character cannot be encoded. */
const encoded = (name: string): string =>
  encodeURIComponent(toUSVString(name)).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
