import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import { until } from '../../support/chat.js';
import { duringSuite } from '../../support/during-suite.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ask, list } from './ask.js';
import { AUDIENCE, ISSUER, startIdentityProvider } from './identity-provider.js';

const ADMIN = 'test-admin-token-0123456789';
const PROXY_USER = 'x-proxy-user';

const folder = temporaryFolder('relay-auth-');
const config = join(folder, 'config.yaml');
writeFileSync(
  config,
  `titles: false\nauth:\n  jwt: { claims: { tenant: org, roles: [realm, roles] } }\n  rolesHeader: X-Proxy-Roles\n`,
);

const provider = duringSuite(startIdentityProvider, (started) => started.close());
const relay = useRelay('postgres', () => ({
  apis: 2,
  workers: 0,
  variables: {
    CHATKIT_CONFIG: config,
    AUTH_MODE: 'jwt, apiKey, session, trustedHeader',
    AUTH_USER_HEADER: PROXY_USER,
    AUTH_JWKS_URL: provider.url,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    ADMIN_TOKEN: ADMIN,
  },
}));
const urlOf = (index: number): string => String(relay.apis[index]?.ready['url']);
/** Everything that must never be in a log line. */
const secrets: string[] = [ADMIN];
const secret = (text: string): string => {
  secrets.push(text);
  return text;
};
const tokenOf = async (user: string, claims?: object) => secret(await provider.token(user, claims));

const makeKey = async (fields: object = {}) => {
  const body = { name: 'test', tenant: 'acme', scopes: ['chat'], ...fields };
  const made = await ask(relay.url, '/admin/api/keys', { method: 'POST', token: ADMIN, body });
  expect(made.status).toBe(201);
  return { id: String(made.json['id']), key: secret(String(made.json['key'])), shown: made.json };
};
const makeSession = (token: string, body: object) => ask(relay.url, '/sessions', { method: 'POST', token, body });

describe('a request without a credential', () => {
  it('is refused before its body has arrived, and told how to ask', async () => {
    const { port } = new URL(relay.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = net.connect(Number(port), '127.0.0.1', () =>
        socket.write('POST /chatkit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{'),
      );
      socket.setEncoding('utf8').once('data', (text: string) => {
        socket.destroy();
        resolve(text);
      });
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer.toLowerCase()).toContain('www-authenticate: bearer realm="chatkit relay"');
    expect(answer).toContain('auth.required');
  });

  it('is refused whatever its body is, on every kind of route', async () => {
    for (const [method, path] of [
      ['POST', '/chatkit'],
      ['POST', '/%63hatkit'],
      ['POST', '/files'],
      ['PUT', '/files/atc_x'],
      ['POST', '/v1/chat/completions'],
      ['POST', '/sessions'],
      ['POST', '/admin/api/keys'],
      ['GET', '/usage'],
      ['GET', '/models'],
    ] as const) {
      const { status, json } = await ask(relay.url, path, { method, ...(method !== 'GET' && { body: '{' }) });
      expect({ path, status, code: json.error?.code }).toMatchObject({ path, status: 401 });
    }
  });

  it('of no route is not read either', async () => {
    const { status, json } = await ask(relay.url, '/nothing', { method: 'POST', body: '{' });
    expect({ status, code: json.error?.code }).toEqual({ status: 404, code: 'route.not_found' });
  });

  it('may see whether the server is alive', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/health/trickle', '/']) {
      expect({ path, status: (await ask(relay.url, path)).status }).toEqual({ path, status: 200 });
    }
  });
});

describe('a JSON Web Token', () => {
  it('says who asks', async () => expect((await list(relay.url, await tokenOf('ada'))).status).toBe(200));

  it.each([
    ['for another audience', { aud: 'billing' }],
    ['of no tenant', { org: undefined }],
    ['of a user with white space', { sub: 'ada ' }],
  ])('%s is refused, with the reason', async (_, claims) => {
    const refused = await list(relay.url, await tokenOf('ada', claims));
    expect(refused.status).toBe(401);
    expect(refused.json.error?.code).toBe('auth.invalid');
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('that a new key has signed is taken at once', async () => {
    expect((await list(relay.url, await tokenOf('ada'))).status).toBe(200);
    const old = await tokenOf('ada');
    provider.rotate();
    const renewed = await tokenOf('ada');
    // The cool-down since the last time that the keys were asked for may not be over.
    await until('the new key is known', 15_000, async () => (await list(relay.url, renewed)).status === 200);
    expect((await list(relay.url, old)).status).toBe(401);
  });

  it('is still checked while the identity provider is away', async () => {
    provider.setDown(true);
    expect((await list(relay.url, await tokenOf('ada'))).status).toBe(200);
    // This API has not asked for the keys yet.
    const other = await list(urlOf(1), await tokenOf('ada'));
    expect({ status: other.status, code: other.json.error?.code }).toEqual({
      status: 503,
      code: 'service.unavailable',
    });
    provider.setDown(false);
    const token = await tokenOf('ada');
    await until('the keys are known', 15_000, async () => (await list(urlOf(1), token)).status === 200);
  });
});

describe('an API key', () => {
  it('is shown once, and recognised by its beginning', async () => {
    const { id, key, shown } = await makeKey({ name: 'billing', expires_in: 3600 });
    expect(key).toMatch(/^ckr_[0-9a-f]{64}$/);
    expect(shown).toMatchObject({
      prefix: key.slice(0, 12),
      tenant: 'acme',
      scopes: ['chat'],
      created_by: 'adminToken',
    });
    const listed = await ask(relay.url, '/admin/api/keys?tenant=acme', { token: ADMIN });
    expect(listed.text).toContain(id);
    expect(listed.text).not.toContain(key);
    const stored = await relay.query('SELECT * FROM api_keys');
    expect(JSON.stringify(stored)).not.toContain(key.slice(12));
  });

  it('opens what its scopes name, and nothing else', async () => {
    const chat = await makeKey({ scopes: ['chat'] });
    const gateway = await makeKey({ scopes: ['gateway'] });
    expect((await list(relay.url, chat.key)).status).toBe(200);
    expect((await ask(relay.url, '/v1/models', { token: chat.key })).status).toBe(403);
    expect((await list(relay.url, gateway.key)).status).toBe(403);
    // No worker has published any models.
    expect((await ask(relay.url, '/v1/models', { token: gateway.key })).status).not.toBe(403);
    for (const { key } of [chat, gateway]) {
      expect((await ask(relay.url, '/admin/api/keys', { token: key })).status).toBe(403);
      expect((await makeSession(key, { user: 'ada' })).status).toBe(403);
    }
  });

  it('acts for a user or in a tenant that a header names only if it may', async () => {
    const plain = await makeKey();
    const acting = await makeKey({ scopes: ['chat', 'users'] });
    const everywhere = await makeKey({ scopes: ['chat', 'users', 'tenants'] });
    const [user, tenant] = [{ 'chatkit-user': 'ada' }, { 'chatkit-tenant': 'other' }];
    expect((await list(relay.url, plain.key, user)).json.error?.code).toBe('auth.forbidden');
    expect((await list(relay.url, acting.key, user)).status).toBe(200);
    expect((await list(relay.url, acting.key, { ...user, ...tenant })).status).toBe(403);
    expect((await list(relay.url, everywhere.key, { ...user, ...tenant })).status).toBe(200);
    expect((await list(relay.url, acting.key, { 'chatkit-user': ['ada', 'root'] })).status).toBe(401);
    expect((await list(relay.url, acting.key, { 'chatkit-user': '' })).status).toBe(401);
    // A header is sent as bytes: UTF-8, as names are everywhere else.
    const chinese = Buffer.from('李').toString('latin1');
    expect(await list(relay.url, acting.key, { 'chatkit-user': chinese })).toMatchObject({ status: 200 });
  });

  it('that is an administrator may make keys', async () => {
    const admin = await makeKey({ scopes: ['admin'] });
    const made = await ask(relay.url, '/admin/api/keys', {
      method: 'POST',
      token: admin.key,
      body: { name: 'second', scopes: ['chat'] },
    });
    secret(String(made.json['key']));
    expect(made.json).toMatchObject({ created_by: `apiKey ${admin.id} ["acme","${admin.id}"]`, tenant: 'default' });
    expect((await list(relay.url, admin.key)).status).toBe(403);
  });

  it.each([
    ['unknown', `ckr_${'0'.repeat(64)}`],
    ['of another form', 'ckr_x'],
    ['in capitals', `CKR_${'0'.repeat(64)}`],
  ])('that is %s is refused', async (_, key) => {
    expect((await list(relay.url, key)).json.error?.code).toBe('auth.invalid');
  });

  it('ends by itself', async () => {
    const { key } = await makeKey({ expires_in: 1 });
    await until('it has expired', 15_000, async () => (await list(relay.url, key)).status === 401);
    expect((await list(urlOf(1), key)).json.error?.code).toBe('auth.invalid');
  });

  it('that is revoked is refused within seconds by every API, and so are its sessions', async () => {
    const { id, key } = await makeKey({ scopes: ['chat', 'sessions'] });
    const session = secret(String((await makeSession(key, { user: 'ada' })).json['client_secret']));
    const asked = () => Promise.all([0, 1].flatMap((index) => [list(urlOf(index), key), list(urlOf(index), session)]));
    expect((await asked()).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const revoked = await ask(relay.url, `/admin/api/keys/${id}`, { method: 'DELETE', token: ADMIN });
    expect(revoked.json['revoked_at']).toEqual(expect.any(String));
    await until('no API takes it', 10_000, async () => (await asked()).every(({ status }) => status === 401));
    expect((await ask(relay.url, `/admin/api/keys/${id}`, { method: 'DELETE', token: ADMIN })).json).toEqual(
      revoked.json,
    );
  });

  it('remembers when it was used', async () => {
    const { id, key } = await makeKey();
    await list(relay.url, key);
    const used = await until('the use is noted', 10_000, async () => {
      const [row] = await relay.query<{ last_used_at: Date | null }>(
        'SELECT last_used_at FROM api_keys WHERE id = $1',
        [id],
      );
      return row?.last_used_at;
    });
    expect(used).toBeInstanceOf(Date);
  });

  it.each([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['root'] }, 'scopes'],
    [{ name: '' }, 'name'],
    [{ tenant: 'a\0b' }, 'tenant'],
    [{ expires_in: 0 }, 'expires_in'],
    [{ key: 'mine' }, 'key'],
  ])('is not made of %j', async (fields, words) => {
    const body = { name: 'x', scopes: ['chat'], ...fields };
    const before = await relay.query('SELECT count(*) FROM api_keys');
    const refused = await ask(relay.url, '/admin/api/keys', { method: 'POST', token: ADMIN, body });
    expect(refused.status).toBe(400);
    expect(refused.json.error?.message).toContain(words);
    expect(await relay.query('SELECT count(*) FROM api_keys')).toEqual(before);
  });
});

describe('a session', () => {
  it('is for one user of one tenant, in every API', async () => {
    const { key } = await makeKey({ scopes: ['sessions'] });
    const made = await makeSession(key, { user: 'ada', expires_in: 60 });
    expect(made.status).toBe(200);
    expect(Object.keys(made.json).toSorted()).toEqual(['client_secret', 'expires_at']);
    expect(Math.abs(Number(made.json['expires_at']) - Date.now() / 1000 - 60)).toBeLessThan(30);
    const token = secret(String(made.json['client_secret']));
    for (const index of [0, 1]) expect((await list(urlOf(index), token)).status).toBe(200);
    expect((await ask(relay.url, '/v1/models', { token })).status).toBe(403);
  });

  it('makes no sessions, and is nobody else', async () => {
    const { json } = await makeSession(ADMIN, { user: 'ada', tenant: 'acme' });
    const token = secret(String(json['client_secret']));
    expect((await makeSession(token, { user: 'root' })).status).toBe(403);
    expect((await ask(relay.url, '/admin/api/keys', { token })).status).toBe(403);
    expect((await list(relay.url, token, { [PROXY_USER]: 'root' })).json.error?.message).toContain('several kinds');
  });

  it('has at most what its maker has', async () => {
    const { key } = await makeKey({ scopes: ['sessions'], roles: ['editor'] });
    expect((await makeSession(key, { user: 'ada', roles: ['editor'] })).status).toBe(200);
    expect((await makeSession(key, { user: 'ada', roles: ['editor', 'admin'] })).status).toBe(403);
    expect((await makeSession(key, { user: 'ada', tenant: 'other' })).status).toBe(403);
    // The role without the scope is worth nothing, and is not handed on.
    const inName = await makeKey({ scopes: ['sessions', 'chat'], roles: ['admin'] });
    expect((await ask(relay.url, '/admin/api/keys', { token: inName.key })).status).toBe(403);
    expect((await makeSession(inName.key, { user: 'ada', roles: ['admin'] })).status).toBe(403);
    const everywhere = await makeKey({ scopes: ['sessions', 'tenants'] });
    expect((await makeSession(everywhere.key, { user: 'ada', tenant: 'other' })).status).toBe(200);
    const admin = await makeSession(ADMIN, { user: 'ada', roles: ['admin'] });
    const token = secret(String(admin.json['client_secret']));
    expect((await ask(relay.url, '/admin/api/keys', { token })).status).toBe(200);
  });

  it.each([
    [{}, 'user'],
    [{ user: ' ada' }, 'user'],
    [{ user: 'ada', expires_in: 1 }, 'expires_in'],
    [{ user: 'ada', expires_in: 86_401 }, 'expires_in'],
    [{ user: 'ada', roles: 'admin' }, 'roles'],
    [{ user: 'ada', admin: true }, 'admin'],
  ])('is not made of %j', async (body, words) => {
    const refused = await makeSession(ADMIN, body);
    expect(refused.status).toBe(400);
    expect(refused.json.error?.message).toContain(words);
  });

  it('is not made for users, however they came in', async () => {
    expect((await makeSession(await tokenOf('ada', { realm: { roles: ['admin'] } }), { user: 'root' })).status).toBe(
      403,
    );
    const byProxy = await ask(relay.url, '/sessions', {
      method: 'POST',
      headers: { [PROXY_USER]: 'ada' },
      body: { user: 'root' },
    });
    expect(byProxy.status).toBe(403);
  });
});

describe('several credentials', () => {
  it('are refused, in whatever order they come', async () => {
    const { key } = await makeKey();
    const token = await tokenOf('ada');
    for (const bearer of [key, token]) {
      expect((await list(relay.url, bearer, { [PROXY_USER]: 'ada' })).json.error?.code).toBe('auth.invalid');
    }
    for (const pair of [
      [token, token],
      [key, token],
      [token, key],
    ]) {
      const headers = { authorization: pair.map((one) => `Bearer ${one}`) };
      expect((await list(relay.url, undefined, headers)).json.error?.code).toBe('auth.invalid');
    }
    expect((await list(relay.url, undefined, { [PROXY_USER]: ['ada', 'root'] })).status).toBe(401);
    expect((await list(relay.url, undefined, { [PROXY_USER]: 'ada' })).status).toBe(200);
  });
});

describe('an administrator', () => {
  it.each([
    ['with the role by a token', async () => ({ token: await tokenOf('ada', { realm: { roles: ['admin'] } }) }), 200],
    ['with the role by a proxy', async () => ({ headers: { [PROXY_USER]: 'ada', 'x-proxy-roles': 'admin' } }), 200],
    ['without the role', async () => ({ token: await tokenOf('ada', { realm: { roles: ['editor'] } }) }), 403],
    ['by the claim of another name', async () => ({ token: await tokenOf('ada', { roles: ['admin'] }) }), 403],
    ['that is nobody', async () => ({}), 401],
  ] as const)('%s', async (_, asked, status) => {
    for (const path of ['/admin/queues', '/admin/api/keys']) {
      const answer = await ask(relay.url, path, await asked());
      expect({ path, status: answer.status }).toEqual({ path, status });
    }
  });
});

it('log lines name the caller and never a credential', async () => {
  await list(relay.url, await tokenOf('ada-of-the-log'));
  await until('the line is written', 10_000, async () => relay.apis[0]?.output().includes('ada-of-the-log'));
  const output = relay.apis.map((api) => api.output()).join('');
  expect(output).toMatch(/"tenantId":"acme","userId":"ada-of-the-log","by":"jwt"/);
  expect(secrets.length).toBeGreaterThan(20);
  expect(secrets.filter((text) => output.includes(text))).toEqual([]);
});
