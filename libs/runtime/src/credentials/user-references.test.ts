import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { SigningKeys } from './signing-keys.js';
import { UserReferences } from './user-references.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);
const references = (...secrets: string[]) => new UserReferences(new SigningKeys(secrets));

it('are the same for the same user, and for nobody else, and by no other secret', () => {
  const ada = references(OLD).of('acme', 'ada');
  expect(ada).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
  expect(references(OLD).of('acme', 'ada')).toBe(ada);
  const others = [
    references(OLD).of('acme', 'bob'),
    references(OLD).of('other', 'ada'),
    references(NEW).of('acme', 'ada'),
  ];
  // Where one name ends and the next begins is a part of it.
  expect(references(OLD).of('a', 'b","c')).not.toBe(references(OLD).of('a","b', 'c'));
  expect(new Set([ada, ...others]).size).toBe(4);
});

it('of before a change of the secret, and of before there was one, are found', () => {
  const all = references(NEW, OLD).all('acme', 'ada');
  const plain = createHash('sha256').update('["acme","ada"]').digest('hex');
  expect(all).toEqual([references(NEW).of('acme', 'ada'), references(OLD).of('acme', 'ada'), plain]);
});
