import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AppError, Logger } from '#runtime';
import type { JwtConfig } from '../../auth-config.js';
import { bearer } from '../testing.js';
import { jwtStrategy } from './jwt.js';

const SECRET = 'a-secret-of-at-least-32-bytes-0123456789';
const CLAIMS = { user: ['sub'], tenant: ['org', 'id'], roles: ['roles'] };
const config: JwtConfig = {
  secret: SECRET,
  jwksUrl: undefined,
  proxyOf: () => undefined,
  issuer: 'https://id.example.com',
  audience: ['relay'],
  clockSkewSeconds: 30,
  claims: CLAIMS,
};
const strategy = jwtStrategy(config, {} as Logger);
const identified = async (sent: string) => strategy.identify(bearer(sent));
/** Why a token is refused; undefined if it is taken. */
const refusal = (sent: string): Promise<string | undefined> =>
  identified(sent).then(
    () => undefined,
    (error: AppError) => `${error.code} ${error.message}`,
  );

const now = () => Math.floor(Date.now() / 1000);
const good = () => ({
  sub: 'ada',
  org: { id: 'acme' },
  roles: ['editor'],
  iss: 'https://id.example.com',
  aud: 'relay',
  iat: now(),
  exp: now() + 60,
});
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by hand, so that anything can be written into a token. */
function token(claims: object = good(), header: object = { alg: 'HS256' }, key: string | Buffer = SECRET): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

describe('a token of an identity provider', () => {
  it('says who asks, by the configured claims', async () => {
    expect(await identified(token())).toEqual({ tenantId: 'acme', userId: 'ada', roles: ['editor'], by: 'jwt' });
  });

  it('may name several audiences, a role as text, and times that are as far off as the clocks may be', async () => {
    const odd = {
      ...good(),
      aud: ['other', 'relay'],
      roles: 'editor',
      exp: now() - 20,
      nbf: now() + 20,
      iat: now() + 20,
    };
    expect(await identified(token(odd))).toMatchObject({ roles: ['editor'] });
  });

  it.each<[string, object, string]>([
    ['has expired', { exp: now() - 31 }, 'expired'],
    ['never expires', { exp: undefined }, '"exp"'],
    ['expires at a time that is no number', { exp: 'tomorrow' }, '"exp"'],
    ['is not valid yet', { nbf: now() + 90 }, '"nbf"'],
    ['comes from the future', { iat: now() + 90 }, '"iat"'],
    ['is for somebody else', { aud: 'billing' }, '"aud"'],
    ['is for nobody', { aud: undefined }, '"aud"'],
    ['is of somebody else', { iss: 'https://id.example.com.evil.example' }, '"iss"'],
    ['is of nobody', { iss: undefined }, '"iss"'],
    ['has no user', { sub: undefined }, 'sub'],
    ['has an empty user', { sub: '' }, 'empty'],
    ['has a user that is no text', { sub: 7 }, 'text'],
    ['has a user that is a list', { sub: ['ada'] }, ''],
    ['has spaces around its user', { sub: ' ada' }, 'white space'],
    ['has a control character in its user', { sub: 'a\0da' }, 'control'],
    ['has half a character in its user', { sub: 'a\ud800' }, 'Unicode'],
    ['has a very long user', { sub: 'x'.repeat(257) }, '256'],
    ['has no tenant', { org: undefined }, 'org.id'],
    ['has a tenant that is no text', { org: { id: null } }, 'org.id'],
    ['has a tenant of white space', { org: { id: '\u3000' } }, 'white space'],
    ['has roles that are no names', { roles: [{ admin: true }] }, 'roles'],
    ['has roles that are an object', { roles: { admin: true } }, 'roles'],
    ['has a hundred roles', { roles: Array.from({ length: 100 }, (_, index) => `r${index}`) }, 'roles'],
  ])('is refused if it %s', async (_, fields, words) => {
    const why = await refusal(token({ ...good(), ...fields }));
    expect(why).toMatch(/^auth\.invalid /);
    expect(why).toContain(words);
  });

  it.each<[string, object]>([
    ['none', { alg: 'none' }],
    ['None', { alg: 'None' }],
    ['HS512', { alg: 'HS512' }],
    ['RS256', { alg: 'RS256' }],
    ['nothing', {}],
    ['a list', { alg: ['HS256'] }],
    ['HS256, and an extension that must be understood', { alg: 'HS256', crit: ['x'], x: 1 }],
    ['HS256 of a body that is not encoded', { alg: 'HS256', b64: false, crit: ['b64'] }],
  ])('is refused if its algorithm is %s', async (_, header) => {
    expect(await refusal(token(good(), header))).toMatch(/^auth\.invalid /);
  });

  it('is refused without a signature, with another one, and with another key', async () => {
    const [header, payload, signature] = token().split('.');
    expect(await refusal(`${header}.${payload}.`)).toMatch(/^auth\.invalid /);
    expect(await refusal(`${part({ alg: 'none' })}.${payload}.`)).toMatch(/^auth\.invalid /);
    expect(await refusal(`${header}.${part({ ...good(), sub: 'root' })}.${signature}`)).toContain('signature');
    expect(await refusal(token(good(), { alg: 'HS256' }, 'another-secret-of-at-least-32-bytes!!'))).toContain(
      'signature',
    );
    expect(await refusal(token(good(), { alg: 'HS256' }, ''))).toContain('signature');
  });

  it('brings no key of its own', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = new SignJWT(good()).setProtectedHeader({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) });
    expect(await refusal(await own.sign(privateKey))).toContain('algorithm');
  });

  it.each(['', 'x', 'a.b', 'a.b.c', '..', 'e30.e30.', 'a.b.c.d.e', 'x'.repeat(8193), 'ü.ü.ü'])(
    'is refused if it is %j',
    (text) => expect(identified(text)).rejects.toMatchObject({ code: 'auth.invalid' }),
  );

  it('that was changed anywhere is refused', async () => {
    const original = token();
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), fc.constantFrom(...'AbZ019-_.=+/ '), async (at, char) => {
        const changed = original.slice(0, at) + char + original.slice(at + 1);
        // The last character of base64url may carry bits that mean nothing.
        fc.pre(changed !== original && decoded(changed) !== decoded(original));
        await expect(identified(changed)).rejects.toMatchObject({ code: 'auth.invalid' });
      }),
      { numRuns: 300 },
    );
  });
});

const decoded = (text: string): string =>
  text
    .split('.')
    .map((one) => Buffer.from(one, 'base64url').toString('hex'))
    .join('.');

describe('a public key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' };

  it('is never taken for a secret', async () => {
    const server = createServer((_, answer) => answer.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/jwks`;
    try {
      const bySet = jwtStrategy({ ...config, secret: undefined, jwksUrl: url }, { warn: () => undefined } as never);
      const header = { alg: 'RS256', kid: 'one' };
      const signed = rsaToken(good(), header, privateKey);
      expect(await bySet.identify(bearer(signed))).toMatchObject({ userId: 'ada' });
      const pem = publicKey.export({ type: 'spki', format: 'pem' });
      for (const key of [pem, publicKey.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk), jwk.n ?? '']) {
        const forged = token(good(), { alg: 'HS256', kid: 'one' }, key);
        await expect(async () => bySet.identify(bearer(forged))).rejects.toMatchObject({ code: 'auth.invalid' });
      }
    } finally {
      server.close();
    }
  });
});

function rsaToken(claims: object, header: object, key: KeyObject): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${signBytes('sha256', Buffer.from(text), key).toString('base64url')}`;
}
