import { isUtf8 } from 'node:buffer';
import { exceeded, REQUEST_LIMITS } from '#chatkit';
import { AppError } from '#runtime';

/**
 * The value of a JSON body, undefined for an empty one. The text is measured before it is parsed: a body of some megabytes can
 * hold millions of values, or be so deep that everything which walks it runs out of stack.
 * Throws `AppError` `request.invalid`.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  assertMeasured(text);
  const value = parse(text);
  // A key may be written with escapes.
  if (text.includes('proto') || text.includes(String.raw`\u`)) assertNoPrototypes(value);
  return value;
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new AppError('request.invalid', 'The request body is not valid UTF-8.');
  return bytes.toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('request.invalid', 'The request body is not valid JSON.');
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Counts brackets, commas and colons outside of strings, in one pass; whether the text is JSON is not its concern. */
function assertMeasured(text: string): void {
  let depth = 0;
  let values = 0;
  /** Of the object at each depth, so far. */
  const keys: number[] = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === COMMA) {
      values++;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      values++;
      if (++depth > REQUEST_LIMITS['json.depth'].max) throw tooMuch('json.depth');
      keys[depth] = 0;
    } else if (code === COLON) {
      const count = (keys[depth] ?? 0) + 1;
      if (count > REQUEST_LIMITS['json.keys'].max) throw tooMuch('json.keys');
      keys[depth] = count;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth--;
    }
    if (values > REQUEST_LIMITS['json.values'].max) throw tooMuch('json.values');
  }
}

/** The position of the quote that ends the string which begins here, or one behind the text. */
function endOfString(text: string, begin: number): number {
  const quote = text.indexOf('"', begin + 1);
  if (quote === -1) return text.length;
  if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  let at = begin + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    at += code === BACKSLASH ? 2 : 1;
  }
  return at;
}

const tooMuch = (limit: 'json.depth' | 'json.values' | 'json.keys'): AppError =>
  new AppError('request.invalid', `The request body ${exceeded(limit)}.`, { limit, max: REQUEST_LIMITS[limit].max });

/** Keys with which code that merges objects carelessly, such as an assistant's, would change all objects of the process. */
function assertNoPrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__') || hasPrototypeOfConstructor(value)) {
    throw new AppError(
      'request.invalid',
      'The request body must not have the keys __proto__ or constructor.prototype.',
    );
  }
  for (const member of Object.values(value)) assertNoPrototypes(member);
}

function hasPrototypeOfConstructor(value: object): boolean {
  if (!Object.hasOwn(value, 'constructor')) return false;
  const { constructor } = value as { readonly constructor: unknown };
  return typeof constructor === 'object' && constructor !== null && Object.hasOwn(constructor, 'prototype');
}
