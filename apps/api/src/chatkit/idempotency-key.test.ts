import { expect, it } from 'vitest';
import { readIdempotency } from './idempotency-key.js';

const hashOf = (says: unknown) => readIdempotency({ 'idempotency-key': 'k' }, says)?.bodyHash;

it('says nothing where there is no key', () => {
  expect(readIdempotency({}, {})).toBeUndefined();
});

it('takes the order of names for nothing, and everything else for something', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: null }] })).toBe(hashOf({ b: [{ d: null, c: 2 }], a: 1 }));
  expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
});

it.each(['', ' ', 'a b', 'ü', 'x'.repeat(256), ['a', 'b']])('refuses %j', (key) => {
  expect(() => readIdempotency({ 'idempotency-key': key }, {})).toThrow(
    expect.objectContaining({ code: 'request.invalid' }),
  );
});
