/** What is searched for: each word as a regular expression of Postgres, for plain text and for the text in an item's JSON. */
export interface SearchWords {
  readonly words: readonly string[];
  readonly inTitle: readonly string[];
  readonly inPayload: readonly string[];
}

/** In characters, and in words. */
export const MAX_SEARCH_LENGTH = 200;
export const MAX_SEARCH_WORDS = 10;

/**
 * Words are what white space separates. Upper and lower case are the same: by sets of characters rather than by the
 * collation of the database, of which some change ASCII only.
 */
export function searchWords(searched: string): SearchWords {
  // No stored text has a NUL outside of an escape.
  const words = [...new Set(searched.replaceAll('\0', ' ').normalize('NFC').split(/\s+/u).filter(Boolean))];
  return { words, inTitle: words.map(anyCase), inPayload: words.map((word) => IN_TEXT + anyCase(escaped(word))) };
}

/** From the beginning of a text in the JSON of an item to anywhere in it, and never into the middle of an escape. */
const IN_TEXT = String.raw`"(?:text|quoted_text)"\s*:\s*"(?:[^"\\]|\\[^u]|\\u[0-9a-fA-F]{4})*`;

/** As the payload of an item has it. */
const escaped = (word: string): string => JSON.stringify(word).slice(1, -1);

const anyCase = (text: string): string => Array.from(text, eitherForm).join('');

/** As one character, or as a letter with its marks behind it: texts of macOS, of some keyboards and of files come so. */
function eitherForm(char: string): string {
  const parts = char.normalize('NFD');
  return parts === char ? eitherCase(char) : `(?:${eitherCase(char)}|${Array.from(parts, eitherCase).join('')})`;
}

function eitherCase(char: string): string {
  const cases = [...new Set([char, char.toLowerCase(), char.toUpperCase()])].filter(
    (one) => Array.from(one).length === 1,
  );
  if (cases.length > 1) return `[${cases.join('')}]`;
  return /[\p{L}\p{N}]/u.test(char) || char.codePointAt(0)! > 127 ? char : `\\${char}`;
}

/** A part of a text around the first word that occurs in it. */
export interface Snippet {
  readonly text: string;
  /** Where words are in it: start and end, in UTF-16 units. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
}

const BEFORE = 60;
const LENGTH = 200;

/** Undefined if none of the words occurs. White space is one space each. */
export function snippetOf(given: string, words: readonly string[]): Snippet | undefined {
  const text = given.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
  const pattern = new RegExp(words.map(literal).join('|'), 'giu');
  const first = words.length > 0 ? text.search(pattern) : -1;
  if (first < 0) return undefined;
  const start = first <= BEFORE ? 0 : wordStart(text, first - BEFORE, first);
  const end = Math.min(text.length, start + LENGTH);
  const [before, after] = [start > 0 ? '… ' : '', end < text.length ? ' …' : ''];
  const shown =
    before +
    text
      .slice(start, end)
      .replace(/[\ud800-\udbff]$/, '')
      .trim() +
    after;
  return {
    text: shown,
    highlights: [...shown.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]),
  };
}

/** Behind the first space in the range, so that no word is cut; else its beginning, but not within a pair of surrogates. */
function wordStart(text: string, from: number, to: number): number {
  const space = text.indexOf(' ', from);
  if (space >= 0 && space < to) return space + 1;
  return /[\udc00-\udfff]/.test(text[from] ?? '') ? from + 1 : from;
}

/** No others: with the flag `u`, an escape that is not needed is a syntax error. */
const literal = (word: string): string => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
