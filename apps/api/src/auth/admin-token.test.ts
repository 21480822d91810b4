import { describe, expect, it } from 'vitest';
import { createIsAdmin } from './admin-token.js';

const TOKEN = 'correct:horse:battery';
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('createIsAdmin', () => {
  const isAdmin = createIsAdmin(TOKEN);

  it.each([
    `Bearer ${TOKEN}`,
    `bearer  ${TOKEN}`,
    basic(`admin:${TOKEN}`),
    basic(`:${TOKEN}`),
    basic(`x:${TOKEN}`).replace('Basic', 'BASIC'),
  ])('takes %s', (header) => expect(isAdmin(header)).toBe(true));

  it.each([
    undefined,
    '',
    TOKEN,
    'Bearer',
    'Bearer ',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Digest ${TOKEN}`,
    basic(TOKEN.replaceAll(':', '')),
    basic(`${TOKEN}:`),
    basic(`admin:${TOKEN} `),
    'Basic !!!',
    'Basic Og==',
  ])('refuses %s', (header) => expect(isAdmin(header)).toBe(false));
});
