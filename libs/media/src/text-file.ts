/** How much of a text file a model is given, in characters: some 50,000 tokens. */
export const MAX_TEXT_CHARS = 200_000;

/** How much of a file is looked at to see whether it is text, in bytes. */
const HEAD = 64 * 1024;
/** Control characters other than tab, line feed, form feed, carriage return and escape do not occur in texts. */
// oxlint-disable-next-line no-control-regex -- to find them is the purpose
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
const TEXT_TYPE = /^text\/|^application\/(.*\+)?(json|xml|yaml|x-yaml|javascript|typescript|sql|toml|x-ndjson|x-sh)$/;

/** Whether files of this media type are read as text. */
export const isTextType = (mediaType: string): boolean => TEXT_TYPE.test(mediaType);

/**
 * The encoding of a file that is text, as a label of `TextDecoder`; undefined for one that is not. UTF-8, UTF-16 with its mark,
 * and Windows-1252 for what was declared as a text and is neither.
 */
export function encodingOf(bytes: Uint8Array, declared: string): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, HEAD);
  const utf8 = strictUtf8(head);
  if (utf8 !== undefined) return BINARY.test(utf8) ? undefined : 'utf-8';
  const isText = isTextType(declared) && !BINARY.test(Buffer.from(head).toString('latin1'));
  return isText ? 'windows-1252' : undefined;
}

/** @returns undefined for what is not UTF-8; a character that the end of the bytes cuts is no mistake */
function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** A text as a model is given it. */
export interface TextContent {
  readonly text: string;
  /** Whether the end is missing. */
  readonly isCut: boolean;
}

/** The first `maxChars` characters of a text file. */
export function readText(bytes: Uint8Array, encoding: string, maxChars = MAX_TEXT_CHARS): TextContent {
  // No encoding needs more than four bytes for a character: a long file is not decoded as a whole.
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, 4 * maxChars + 4));
  return { text: cutAt(text, maxChars), isCut: text.length > maxChars };
}

/** The first characters of a text, and never half of one. */
export function cutAt(text: string, maxChars: number): string {
  const cut = text.slice(0, maxChars);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
