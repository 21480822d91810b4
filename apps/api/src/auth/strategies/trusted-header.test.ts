import { describe, expect, it } from 'vitest';
import { credentials } from '../testing.js';
import { trustedHeaderStrategy } from './trusted-header.js';

const strategy = trustedHeaderStrategy({
  trustedHeader: { userHeader: 'x-user', tenantHeader: 'x-tenant', rolesHeader: 'x-roles' },
  trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
});
const onlyUser = trustedHeaderStrategy({
  trustedHeader: { userHeader: 'x-user', tenantHeader: undefined, rolesHeader: undefined },
  trustedProxies: [],
});
const ada = { 'x-user': 'ada', 'x-tenant': 'acme' };
const identified = async (headers: Parameters<typeof credentials>[0], peer?: string) =>
  strategy.identify(credentials(headers, peer));

describe('behind a trusted proxy', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1', '10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1'])(
    'trusts %s',
    async (peer) => expect(await identified(ada, peer)).toMatchObject({ userId: 'ada', tenantId: 'acme', roles: [] }),
  );

  it.each(['11.0.0.1', '203.0.113.9', '2001:db8::2', '::ffff:203.0.113.9', '', 'unix'])('does not trust "%s"', (peer) =>
    expect(identified(ada, peer)).rejects.toThrow(/proxy/),
  );

  it('takes roles, separated by commas', async () => {
    expect(await identified({ ...ada, 'x-roles': 'admin, editor' })).toMatchObject({ roles: ['admin', 'editor'] });
  });

  it('has one tenant if no header is configured for it, whatever the request says', async () => {
    expect(await onlyUser.identify(credentials({ ...ada, 'x-roles': 'admin' }))).toMatchObject({
      tenantId: 'default',
      roles: [],
    });
  });

  it.each([
    ['without a tenant', { 'x-user': 'ada' }],
    ['with an empty tenant', { ...ada, 'x-tenant': '' }],
    ['without a user', { 'x-tenant': 'acme' }],
    ['with an empty user', { ...ada, 'x-user': '' }],
    ['with a user of white space', { ...ada, 'x-user': '\u00a0' }],
    ['with a user that is far too long', { ...ada, 'x-user': 'x'.repeat(257) }],
    ['with the user twice', { ...ada, 'x-user': ['ada', 'root'] }],
    ['with the same user twice', { ...ada, 'x-user': ['ada', 'ada'] }],
    ['with the tenant twice', { ...ada, 'x-tenant': ['acme', 'other'] }],
    ['with the roles twice', { ...ada, 'x-roles': ['admin', 'admin'] }],
    ['with Latin-1 instead of UTF-8', { ...ada, 'x-user': 'j\u00fcrgen' }],
    ['with a control character', { ...ada, 'x-user': 'a\u0001da' }],
  ])('refuses a request %s', (_, headers) =>
    expect(identified(headers)).rejects.toMatchObject({ code: 'auth.invalid' }),
  );

  it('reads UTF-8, so that a name is the same in every mode', async () => {
    const sent = Buffer.from('jürgen 李').toString('latin1');
    expect(await identified({ ...ada, 'x-user': sent })).toMatchObject({ userId: 'jürgen 李' });
  });

  it('recognizes what names a user, and nothing else', () => {
    expect(strategy.recognizes(credentials(ada))).toBe(true);
    expect(strategy.recognizes(credentials({ 'x-user': '' }))).toBe(false);
    expect(strategy.recognizes(credentials({ 'x-tenant': 'acme', authorization: 'Bearer x' }))).toBe(false);
  });
});
