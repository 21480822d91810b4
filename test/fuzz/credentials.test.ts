import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask } from '../api/auth/ask.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const PROXY_USER = 'x-proxy-user';
const SECRET = 'a-secret-of-at-least-thirty-two-bytes';
/** Titles of threads that eve of acme must never be shown. */
const FORBIDDEN = 'nobody-else-may-read-this';
const OWN = 'a thread of eve';
const REQUESTS = 1_500;

const config = join(temporaryFolder('fuzz-credentials-'), 'config.yaml');
writeFileSync(config, 'titles: false\nauth:\n  jwt: { claims: { tenant: org } }\n');
const relay = useRelay('postgres', {
  workers: 0,
  variables: {
    CHATKIT_CONFIG: config,
    AUTH_MODE: 'jwt, apiKey, session, trustedHeader',
    AUTH_USER_HEADER: PROXY_USER,
    AUTH_JWT_SECRET: SECRET,
    ADMIN_TOKEN,
  },
});

const jwtOf = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('10 minutes').sign(Buffer.from(SECRET));

type Headers = Readonly<Record<string, string | readonly string[]>>;
const request = (headers: Headers) =>
  ask(relay.url, '/chatkit', { method: 'POST', body: { type: 'threads.list', params: {} }, headers });

let jwt: string;
let key: string;
let session: string;
beforeAll(async () => {
  // The same name in other tenants, another name in the same tenant, and the tenant of those who name none.
  await relay.query(
    `INSERT INTO threads (id, tenant_id, owner_id, title) VALUES
       ('thr_1', 'acme', 'ada', $1), ('thr_2', 'globex', 'ada', $1), ('thr_3', 'globex', 'eve', $1), ('thr_4', 'default', 'ada', $1),
       ('thr_5', 'acme', 'eve', $2)`,
    [FORBIDDEN, OWN],
  );
  jwt = await jwtOf({ sub: 'eve', org: 'acme' });
  const making = { method: 'POST', token: ADMIN_TOKEN };
  const made = await ask(relay.url, '/admin/api/keys', {
    ...making,
    body: { name: 'fuzz', tenant: 'acme', scopes: ['chat', 'users'] },
  });
  key = String(made.json['key']);
  const begun = await ask(relay.url, '/sessions', { ...making, body: { user: 'eve', tenant: 'acme' } });
  session = String(begun.json['client_secret']);
});

/** What Node sends; the value of a header is trimmed on the way. */
const sendable = (text: string): string => text.replaceAll(/[^\t\u{20}-\u{7e}\u{80}-\u{ff}]/gu, '?');

const anyText = fc.string({ unit: 'binary', maxLength: 64 }).map(sendable);

/** A text with a few characters changed, put in, left out, doubled or cut off. */
const mutatedText = (text: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(fc.nat(text.length), fc.constantFrom('change', 'insert', 'remove', 'double', 'cut', 'case'), anyText),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((changes) =>
      changes.reduce((now, [at, how, piece]) => {
        const [before, after] = [now.slice(0, at), now.slice(at)];
        if (how === 'change') return before + piece.slice(0, 1) + after.slice(1);
        if (how === 'insert') return before + piece + after;
        if (how === 'remove') return before + after.slice(1);
        if (how === 'double') return now + after;
        if (how === 'cut') return before;
        return before + after.toUpperCase();
      }, text),
    );

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Tokens that say that they are somebody else’s, signed by nobody, or by the signature of eve’s own. */
const forgedJwt: fc.Arbitrary<string> = fc
  .record({
    alg: fc.constantFrom('none', 'None', 'HS256', 'HS512', 'RS256', 'ES256', 'EdDSA', 'dir', '', null, 7, ['HS256']),
    extra: fc.dictionary(fc.constantFrom('kid', 'jku', 'jwk', 'x5u', 'crit', 'b64', 'typ', 'zip'), fc.jsonValue()),
    claims: fc.record({
      sub: fc.constantFrom<unknown>('ada', 'eve', ['ada'], { toString: 'ada' }, '', 'a\u0000da', 'ＡＤＡ', '__proto__'),
      org: fc.constantFrom<unknown>('acme', 'globex', 'default', '', null, ['globex'], 'acme\u0000', 'ACME'),
      exp: fc.constantFrom<unknown>(4e9, 1, -1, Number.MAX_VALUE, '4000000000', null),
      roles: fc.constantFrom<unknown>('admin', ['admin'], null),
    }),
    signature: fc.constantFrom('', 'eves', 'AAAA', '.'),
  })
  .map(({ alg, extra, claims, signature }) => {
    const signed = signature === 'eves' ? (jwt.split('.')[2] ?? '') : signature;
    return `${base64({ ...extra, alg })}.${base64(claims)}.${signed}`;
  });

const bearer = (token: string): Headers => ({ authorization: sendable(`Bearer ${token}`) });
const names = fc.oneof(
  anyText,
  fc.constantFrom('ada', 'eve ', 'ada, eve', 'eve\tada', 'ÄDA', '%61da', '"ada"', '["acme","ada"]', 'x'.repeat(9_000)),
);

/** What eve may have, and what somebody makes of it. */
const credentials = (): fc.Arbitrary<Headers> =>
  fc.oneof(
    mutatedText(jwt).map(bearer),
    mutatedText(session).map(bearer),
    mutatedText(key).map((changed) => ({ ...bearer(changed), 'chatkit-user': 'eve' })),
    forgedJwt.map(bearer),
    // A key of acme may speak for any user of acme, and for nobody of another tenant.
    names.map((tenant) => ({ ...bearer(key), 'chatkit-user': 'eve', 'chatkit-tenant': tenant })),
    fc.constantFrom('globex', 'GLOBEX', 'globex,acme', ' globex').map((tenant) => ({
      ...bearer(key),
      'chatkit-user': 'ada',
      'chatkit-tenant': tenant,
    })),
    names.map((user) => ({ ...bearer(jwt), 'chatkit-user': user })),
    names.map((user) => ({ ...bearer(session), [PROXY_USER]: user })),
    names.map((user) => ({ [PROXY_USER]: ['eve', user] })),
    anyText.map((text) => ({ authorization: [`Bearer ${jwt}`, sendable(text)] })),
    fc
      .tuple(fc.constantFrom('Basic', 'bearer', 'Bearer\t', 'Token', ''), fc.constantFrom(jwt, session, key))
      .map(([scheme, token]) => ({ authorization: `${scheme} ${token}` })),
    anyText.map((text) => ({ authorization: text })),
  );

it('the credentials that are changed are valid', async () => {
  const own: Headers[] = [bearer(jwt), bearer(session), { ...bearer(key), 'chatkit-user': 'eve' }];
  for (const headers of own) {
    const { status, text } = await request(headers);
    expect([status, text.includes(OWN), text.includes(FORBIDDEN)]).toEqual([200, true, false]);
  }
  const { text } = await request({ ...bearer(key), 'chatkit-user': 'ada' });
  expect(text).toContain(FORBIDDEN);
});

it(`${REQUESTS} credentials and headers that somebody has made up are refused in good order, and make nobody else of anybody`, async () => {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(credentials(), async (headers) => {
      const { status, text } = await request(headers);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect(status).toBeLessThan(500);
      expect(text).not.toContain(FORBIDDEN);
    }),
    { numRuns: REQUESTS },
  );
  // It would mean nothing if nothing got as far as being looked at.
  expect(seen.get(401)).toBeGreaterThan(REQUESTS / 4);
  expect(seen.get(200)).toBeGreaterThan(0);
  expect((await request(bearer(jwt))).status).toBe(200);
}, 120_000);
