import { expect, it } from 'vitest';
import { readIdempotency } from './idempotency-key.js';

const hashOf = (content: unknown) => readIdempotency({ 'idempotency-key': 'k' }, content)?.bodyHash;

it('is undefined without a key', () => {
  expect(readIdempotency({}, {})).toBeUndefined();
});

it('ignores the order of members, and nothing else', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: null }] })).toBe(hashOf({ b: [{ d: null, c: 2 }], a: 1 }));
  expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
});

it.each(['', ' ', 'a b', 'ü', 'x'.repeat(256), ['a', 'b']])('refuses %j', (key) => {
  expect(() => readIdempotency({ 'idempotency-key': key }, {})).toThrow(
    expect.objectContaining({ code: 'request.invalid' }),
  );
});
