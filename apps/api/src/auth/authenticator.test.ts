import { expect, it } from 'vitest';
import type { AppError } from '#runtime';
import { createIsAdmin } from './admin-token.js';
import { Authenticator } from './authenticator.js';
import type { Identity } from './identity.js';
import { noneStrategy } from './strategies/none.js';
import type { Strategy } from './strategies/strategy.js';
import { credentials } from './testing.js';

const ADA: Identity = { tenantId: 'acme', userId: 'ada', roles: [], by: 'jwt' };
const strategy = (mode: Strategy['mode'], recognizes: boolean, identity: Identity = ADA): Strategy => ({
  mode,
  recognizes: () => recognizes,
  identify: () => ({ ...identity, by: mode as Identity['by'] }),
});
const TOKEN = 'sixteen-characters-or-more';
const asked = (strategies: Strategy[], headers = {}, access: 'chat' | 'gateway' | 'admin' | 'sessions' = 'chat') =>
  new Authenticator(strategies, createIsAdmin(TOKEN)).authenticate(credentials(headers), access);

it('without authentication all requests are from the same user, whatever they carry', async () => {
  const first = await asked([noneStrategy]);
  expect(await asked([noneStrategy], { authorization: 'Bearer x', 'x-user': 'root' })).toEqual(first);
});

it('asks the one strategy whose credential is there', async () => {
  expect(await asked([strategy('jwt', false), strategy('apiKey', true)])).toMatchObject({ by: 'apiKey' });
});

it('refuses credentials of two kinds instead of choosing one', async () => {
  await expect(asked([strategy('jwt', true), strategy('trustedHeader', true)])).rejects.toMatchObject({
    code: 'auth.invalid',
    message: expect.stringContaining('jwt and trustedHeader'),
  });
});

it('asks the module only about what carries no other credential', async () => {
  const modules = [strategy('module', true), strategy('jwt', true)];
  expect(await asked(modules)).toMatchObject({ by: 'jwt' });
  expect(await asked([strategy('module', true), strategy('jwt', false)])).toMatchObject({ by: 'module' });
});

it('says what is missing, and what is not taken here', async () => {
  await expect(asked([strategy('jwt', false)])).rejects.toMatchObject({ code: 'auth.required' });
  await expect(asked([strategy('jwt', false)], { authorization: 'Basic eDp5' })).rejects.toMatchObject({
    code: 'auth.invalid',
  });
});

it("takes the administrator's token on administrators' routes only", async () => {
  const header = { authorization: `Bearer ${TOKEN}` };
  for (const access of ['admin', 'sessions'] as const) {
    expect(await asked([], header, access)).toMatchObject({ by: 'adminToken', roles: ['admin'] });
  }
  for (const access of ['chat', 'gateway'] as const) {
    await expect(asked([], header, access)).rejects.toMatchObject({ code: 'auth.invalid' });
  }
});

it('makes nobody an administrator where nobody is asked', async () => {
  await expect(asked([noneStrategy], {}, 'admin')).rejects.toMatchObject({ code: 'auth.required' });
});

it.each([
  ['admin', { roles: ['admin'] }, true],
  ['admin', { roles: ['Admin', 'admins'] }, false],
  ['chat', {}, true],
  ['gateway', {}, true],
  ['sessions', {}, false],
  ['sessions', { roles: ['admin'] }, false],
  ['chat', { scopes: new Set(['gateway']) }, false],
  ['gateway', { scopes: new Set(['gateway']) }, true],
  ['gateway', { scopes: new Set(['chat']) }, false],
  ['sessions', { scopes: new Set(['sessions']) }, true],
  ['sessions', { scopes: new Set(['chat']) }, false],
] as const)('a route for %s and a caller with %o: %s', async (access, fields, may) => {
  const caller = { ...ADA, ...fields } as Identity;
  const answer = await asked([strategy('jwt', true, caller)], {}, access).catch(({ code }: AppError) => code);
  expect(answer).toEqual(may ? caller : 'auth.forbidden');
});
