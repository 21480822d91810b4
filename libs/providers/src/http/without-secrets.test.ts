import { expect, it } from 'vitest';
import { withoutSecrets } from './without-secrets.js';

const KEY = 'sk-Zx81/qP+4mT0vWlu7Jd9';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

it.each([
  ['whole', `Incorrect key: ${KEY}.`, 'Incorrect key: [secret].'],
  ['twice', `${KEY} and ${KEY}`, '[secret] and [secret]'],
  ['twice in a row', `${KEY}${KEY}`, '[secret][secret]'],
  ['its beginning', `Incorrect key: ${KEY.slice(0, 10)}…`, 'Incorrect key: [secret]…'],
  ['its end', `key …${KEY.slice(-9)}`, 'key …[secret]'],
  ['its middle', `…${KEY.slice(5, 15)}…`, '…[secret]…'],
  ['percent-encoded', `?key=${encodeURIComponent(KEY)}&x=1`, '?key=[secret]&x=1'],
])('replaces a secret: %s', (_, text, expected) => expect(withoutSecrets(text, [KEY])).toBe(expected));

it.each(['', 'a', 'ab', 'user:', 'Bearer ', 'x'.repeat(7)])('replaces its Base64 after "%s"', (before) => {
  for (const after of ['', ':', 'more after it']) {
    const encoded = base64(before + KEY + after);
    const left = withoutSecrets(`Basic ${encoded}`, [KEY]);
    expect(left).toContain('[secret]');
    const shown = left.replace('Basic ', '').split('[secret]');
    for (const piece of shown) expect(Buffer.from(piece, 'base64').toString()).not.toMatch(/Zx81|4mT0|Jd9/);
  }
});

it.each(['This is plain text.', 'sk-', 'beta', ''])('leaves "%s"', (text) => {
  expect(withoutSecrets(text, [KEY, 'beta', ''])).toBe(text);
});

it('replaces a place where a secret is as a whole only', () => {
  const places = ['https://login.example.com/token', '/var/run/secrets/token'];
  expect(withoutSecrets(`GET ${places[0]}`, places)).toBe('GET [secret]');
  expect(withoutSecrets('GET https://login.example.com/models', places)).toBe('GET https://login.example.com/models');
});
