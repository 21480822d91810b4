import { encodingOf, isTextType } from './text-file.js';

/** What a file is by its bytes. `encoding` is a label of `TextDecoder`. */
export type DetectedFile =
  | { readonly kind: 'picture'; readonly mediaType: string }
  | { readonly kind: 'pdf'; readonly mediaType: 'application/pdf' }
  | { readonly kind: 'text'; readonly mediaType: string; readonly encoding: string }
  | { readonly kind: 'other'; readonly mediaType: string };

const UNKNOWN = 'application/octet-stream';
const SVG = 'image/svg+xml';
/** How far into a file the root of an SVG picture is looked for: behind a declaration and the comment of the program. */
const SVG_HEAD = 4096;
const SVG_ROOT =
  /^\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!doctype\s+svg[^>[]*(?:\[[\s\S]*?\])?[^>]*>\s*)*<svg[\s>]/i;

/** Said of a file by whoever sent it, so that it may be wrong: its media type without parameters, in lower case. */
export const baseType = (mediaType: string): string => (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();

/**
 * What a file is: by its bytes, not by its name, and by the type that its sender declared only among those that its bytes do
 * not contradict. An empty file is `other`.
 */
export async function detectFile(bytes: Uint8Array, declaredType = UNKNOWN): Promise<DetectedFile> {
  const declared = baseType(declaredType);
  const found = await signatureOf(bytes);
  if (found?.startsWith('image/')) return { kind: 'picture', mediaType: found };
  if (found === 'application/pdf') return { kind: 'pdf', mediaType: 'application/pdf' };
  const isText = found === undefined || found === 'application/xml';
  return (
    (isText ? textOrPicture(bytes, declared) : undefined) ?? { kind: 'other', mediaType: otherType(found, declared) }
  );
}

async function signatureOf(bytes: Uint8Array): Promise<string | undefined> {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  // The mark of UTF-16 is also the beginning of an MP3 file; and a PNG file is one even where the rest of it is damaged.
  if (/^(fffe|feff)/.test(head)) return undefined;
  if (head.startsWith('89504e47')) return 'image/png';
  const { fileTypeFromBuffer } = await import('file-type');
  return (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime;
}

function textOrPicture(bytes: Uint8Array, declared: string): DetectedFile | undefined {
  const encoding = bytes.length > 0 ? encodingOf(bytes, declared) : undefined;
  if (encoding === undefined) return undefined;
  const head = new TextDecoder(encoding).decode(bytes.subarray(0, SVG_HEAD));
  if (SVG_ROOT.test(head)) return { kind: 'picture', mediaType: SVG };
  return { kind: 'text', mediaType: isTextType(declared) && declared !== SVG ? declared : 'text/plain', encoding };
}

/** Formats in which others are packed: the declaration may know more. */
const CONTAINERS = new Set(['application/zip', 'application/x-cfb']);

/** A type that is detected by bytes alone is not taken from the declaration. */
function otherType(found: string | undefined, declared: string): string {
  if (found !== undefined && !CONTAINERS.has(found)) return found;
  const isContradicted =
    declared === '' || declared === 'application/pdf' || declared.startsWith('image/') || isTextType(declared);
  return isContradicted || declared === UNKNOWN ? (found ?? UNKNOWN) : declared;
}
