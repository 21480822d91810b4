import { describe, expect, it } from 'vitest';
import { REQUEST_LIMITS } from '#chatkit';
import { parseJsonBody } from './json-body.js';

const read = (text: string): unknown => parseJsonBody(Buffer.from(text));
const DEPTH = REQUEST_LIMITS['json.depth'].max;
const VALUES = REQUEST_LIMITS['json.values'].max;
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const KEYS = REQUEST_LIMITS['json.keys'].max;
const object = (keys: number): string => `{${Array.from({ length: keys }, (_, index) => `"k${index}":1`).join()}}`;
/** A list that counts itself. */
const list = (values: number): string => `[${Array(values).fill(0).join()}]`;

function refusalOf(text: string | Buffer): unknown {
  try {
    parseJsonBody(Buffer.from(text));
  } catch (error) {
    return error;
  }
  return undefined;
}

it('an empty body is none', () => {
  expect(read('')).toBeUndefined();
});

it.each([
  '{"a":[1,null,{"b":"c"}]}',
  String.raw`"\"[[[[\\"`,
  String.raw`{"text":"say \"proto\\u0041\"","__prot":1,"constructor":"Team"}`,
  ' [ ] ',
])('%s is read as it is', (text) => {
  expect(read(text)).toEqual(JSON.parse(text));
});

it('what is in a string counts as nothing', () => {
  const text = '[{,'.repeat(VALUES);
  expect(read(JSON.stringify([text, `\\"${text}`]))).toEqual([text, `\\"${text}`]);
});

describe('limits', () => {
  it.each([
    ['levels', 'json.depth', nested(DEPTH), nested(DEPTH + 1)],
    ['levels of objects', 'json.depth', `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`, '{"a":'.repeat(1_000_000)],
    ['keys', 'json.keys', object(KEYS), object(KEYS + 1)],
    ['values', 'json.values', list(VALUES), list(VALUES + 1)],
    ['empty lists', 'json.values', `[${Array(1_000).fill('[]').join()}]`, `[${Array(1_000_000).fill('[]').join()}]`],
  ])('%s: as many as are allowed, and no more', (_, limit, allowed, refused) => {
    expect(() => read(allowed)).not.toThrow();
    expect(refusalOf(refused)).toMatchObject({ code: 'request.invalid', details: { limit } });
    expect(refusalOf(refused)).toMatchObject({ message: expect.stringContaining(limit) });
  });
});

describe('what is no JSON, or not for us', () => {
  it.each<[string, string | Buffer]>([
    ['half of an object', '{"a":'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['the key __proto__', '{"a":[{"__proto__":{"polluted":true}}]}'],
    ['the same with escapes', String.raw`{"\u005f_pr\u006fto__":{}}`],
    ['the prototype of a constructor', '{"constructor":{"prototype":{"polluted":true}}}'],
  ])('%s is refused', (_, text) => {
    expect(refusalOf(text)).toMatchObject({ code: 'request.invalid' });
  });
});
