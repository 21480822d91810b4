import { toUSVString } from 'node:util';

/** In UTF-16 units, which is what NTFS and APFS allow. */
const MAX_NAME = 255;
const EXTENSION = /(?:\.tar)?\.[^.\s]{1,16}$/iu;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A file's name as its sender gave it, to be shown and never to be a path. Postgres takes neither NUL nor half a character. A
 * name of more than 255 UTF-16 units is shortened before its extension and between two characters.
 */
export function fileName(given: string): string {
  const name = toUSVString(given.replaceAll('\0', ''));
  if (name.length <= MAX_NAME) return name || 'file';
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  return name.slice(0, boundaryBefore(name, MAX_NAME - extension.length)) + extension;
}

/** The last boundary between two characters, as a person counts them, up to this length; of code points if there is none. */
function boundaryBefore(name: string, length: number): number {
  const start = GRAPHEMES.segment(name.slice(0, length + 2)).containing(length)?.index ?? length;
  if (start > 0) return start;
  return (name.codePointAt(length - 1) ?? 0) > 0xffff ? length - 1 : length;
}
