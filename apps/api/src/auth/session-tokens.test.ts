import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { SigningKeys } from '#runtime';
import { SESSION_MARK, SessionTokens } from './session-tokens.js';

const KEYS = new SigningKeys(['s'.repeat(32)]);
let now = Date.parse('2030-01-01T00:00:00Z');
const clock = { now: () => new Date(now) };
const tokens = new SessionTokens(KEYS, clock);
const ADA = { tenantId: 'acme', userId: 'ada', roles: ['editor'], keyId: 'key_1' };

it('says for whom it was made, until it expires', async () => {
  const { token, expiresAt } = await tokens.make(ADA, 60);
  expect(expiresAt).toBe(now / 1_000 + 60);
  expect(await tokens.verify(token)).toEqual(ADA);
  now += 61_000;
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'auth.invalid', message: /expired/ });
});

it('is taken while the secret with which it was signed is listed', async () => {
  const { token } = await tokens.make(ADA, 60);
  const rotated = new SessionTokens(new SigningKeys(['n'.repeat(32), 's'.repeat(32)]), clock);
  expect(await rotated.verify(token)).toEqual(ADA);
  const other = new SessionTokens(new SigningKeys(['n'.repeat(32)]), clock);
  await expect(other.verify(token)).rejects.toMatchObject({ code: 'auth.invalid' });
});

const forged = (fields: { aud?: string; iss?: string; typ?: string; key?: Buffer; alg?: string }) => {
  const { aud = 'chatkit-relay/session', iss = 'chatkit-relay', typ = 'chatkit-session+jwt', alg = 'HS256' } = fields;
  return new SignJWT({ tenant: 'acme', roles: ['admin'] })
    .setProtectedHeader({ alg, typ })
    .setSubject('root')
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(now / 1_000 + 60)
    .sign(fields.key ?? KEYS.signing('session'));
};

it.each([
  ['for another audience', { aud: 'relay' }],
  ['of another issuer', { iss: 'https://id.example.com' }],
  ['of another type', { typ: 'JWT' }],
  ['signed with the key for files', { key: KEYS.signing('file') }],
  ['signed with another algorithm', { alg: 'HS512' }],
])('a token %s is none', async (_, fields) => {
  await expect(tokens.verify(SESSION_MARK + (await forged(fields)))).rejects.toMatchObject({ code: 'auth.invalid' });
});

it('one that is made by these rules is one: the others fail for the reason that they name', async () => {
  expect(await tokens.verify(SESSION_MARK + (await forged({})))).toMatchObject({ userId: 'root' });
});

it.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('%j is none', async (text) => {
  await expect(tokens.verify(SESSION_MARK + text)).rejects.toMatchObject({ code: 'auth.invalid' });
});
