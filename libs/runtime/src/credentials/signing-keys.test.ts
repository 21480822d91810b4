import { expect, it } from 'vitest';
import { SigningKeys } from './signing-keys.js';

const OLD = 'o'.repeat(32);
const NEW = 'n'.repeat(32);

it('signs every purpose with a key of its own, of 256 bits', () => {
  const keys = new SigningKeys([OLD]);
  expect(keys.signing('session')).toHaveLength(32);
  expect(keys.signing('session')).not.toEqual(keys.signing('file'));
});

it('signs with the newest secret and still verifies with the others', () => {
  const [before, after] = [new SigningKeys([OLD]), new SigningKeys([NEW, OLD])];
  expect(after.signing('file')).toEqual(new SigningKeys([NEW]).signing('file'));
  expect(after.verifying('file')).toEqual([after.signing('file'), before.signing('file')]);
});

it('never falls back to a key that anybody could compute', () => {
  expect(() => new SigningKeys([]).signing('session')).toThrow(/no secret/);
});
