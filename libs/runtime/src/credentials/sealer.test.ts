import { expect, it } from 'vitest';
import { Sealer } from './sealer.js';

const [OLD, NEW] = ['old-'.repeat(8), 'new-'.repeat(8)];
/** Node's words. */
const CHANGED = 'unable to authenticate';
const SECRET = 'sk-tenant-0123456789 äöü';

it('opens what it has sealed, in its context only', () => {
  const sealer = new Sealer([NEW], 'provider keys');
  const sealed = sealer.seal(SECRET, 'acme openai');
  expect(sealed).not.toContain(SECRET);
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('tenant');
  expect(sealer.open(sealed, 'acme openai')).toBe(SECRET);
  expect(() => sealer.open(sealed, 'globex openai')).toThrow(CHANGED);
  expect(() => new Sealer([NEW], 'another purpose').open(sealed, 'acme openai')).toThrow(/SECRETS_KEY/);
});

it('never seals the same twice', () => {
  const sealer = new Sealer([NEW], 'provider keys');
  expect(sealer.seal(SECRET, 'x')).not.toBe(sealer.seal(SECRET, 'x'));
});

it('opens with an older key, and seals with the newest', () => {
  const sealed = new Sealer([OLD], 'provider keys').seal(SECRET, 'x');
  const both = new Sealer([NEW, OLD], 'provider keys');
  expect(both.open(sealed, 'x')).toBe(SECRET);
  expect(() => new Sealer([NEW], 'provider keys').open(sealed, 'x')).toThrow(/SECRETS_KEY/);
  expect(new Sealer([NEW], 'provider keys').open(both.seal(SECRET, 'x'), 'x')).toBe(SECRET);
});

it.each(['', 'v1', 'v1..', 'v2.00000000.AAAA', 'not sealed'])('refuses "%s"', (sealed) => {
  expect(() => new Sealer([NEW], 'provider keys').open(sealed, 'x')).toThrow('SECRETS_KEY');
});

it('refuses what was changed anywhere', () => {
  const sealer = new Sealer([NEW], 'provider keys');
  const [version, id, content = ''] = sealer.seal(SECRET, 'x').split('.');
  const bytes = Buffer.from(content, 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => sealer.open([version, id, changed.toString('base64url')].join('.'), 'x')).toThrow(CHANGED);
  }
});

it('says that there is no key', () => {
  expect(() => new Sealer([], 'provider keys').seal(SECRET, 'x')).toThrow('no key');
});
