import { describe, expect, it } from 'vitest';
import { createThread, until } from '../support/chat.js';
import { runApp } from '../support/processes.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { ask, type Headers, statusOf } from './support/raw-request.js';

const LIST = { type: 'threads.list', params: {} };
const APP = 'https://app.example.com';
const PUBLIC = 'https://chat.example.com:8443';
const KNOWN = {
  CORS_ORIGINS: `${APP}, HTTP://Other.Example:80/`,
  PUBLIC_URL: `${PUBLIC}/relay`,
  ALLOWED_HOSTS: 'relay.lan, *.apps.lan',
};

describe('a server that asks nobody who they are', () => {
  const relay = useRelay('postgres', {
    workers: 0,
    variables: { ...KNOWN, AUTH_MODE: 'none', AUTH_ALLOW_OPEN: 'true', ADMIN_TOKEN: 'x'.repeat(16) },
  });
  const list = (headers: Headers) => ask(relay.url, '/chatkit', { method: 'POST', headers, body: LIST });
  const linesWith = (text: string): string[] =>
    (relay.apis[0]?.output() ?? '').split('\n').filter((line) => line.includes(text));

  it.each([
    'localhost',
    'LocalHost.:8000',
    '127.0.0.1',
    '127.9.9.9:1',
    '[::1]:8000',
    'chat.example.com',
    'RELAY.LAN',
    'a.apps.lan:9',
  ])('answers to the name %s', async (host) => expect((await list({ host })).status).toBe(200));

  it.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'chat.example.com.evil.example',
    'apps.lan',
    '192.168.1.5:8000',
    '0.0.0.0:8000',
    '[fd00::1]:8000',
    'localhost:8000@evil.example',
    'localhost:99999',
  ])('does not answer to the name %s, to which a page can make this machine listen', async (host) => {
    const origin = `http://${host}`;
    const answer = await list({ host, origin, 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'host.refused' } });
  });

  it('says once what would allow a name', async () => {
    for (let times = 0; times < 3; times++) await list({ host: 'again.example:8000' });
    await until('the line', 10_000, async () => linesWith('again.example').length > 0);
    const lines = linesWith('again.example');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('ALLOWED_HOSTS=again.example.');
  });

  it('refuses a strange name on every route but those of probes, and by every method', async () => {
    const headers = { host: 'evil.example' };
    const paths = [
      '/',
      '/chatkit-react',
      '/models',
      '/v1/models',
      '/debug/threads',
      '/usage',
      '/files/x',
      '/nothing',
      '/%2e',
    ];
    for (const path of [...paths, '/admin/queues', '/healthy', '/health%2f..%2fmodels', '//health', '/metricsx']) {
      expect({ path, status: (await ask(relay.url, path, { headers })).status }).toEqual({ path, status: 403 });
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      expect((await ask(relay.url, '/chatkit', { method, headers })).status).toBe(403);
    }
    for (const path of ['/health', '/health/live', '/health/ready', '/health/ready?deep=1', '/he%61lth']) {
      expect([200, 503]).toContain((await ask(relay.url, path, { headers })).status);
    }
  });

  it.each([
    ['no Host', ['POST /chatkit HTTP/1.1'], 400],
    ['no Host, as HTTP/1.0 may have none', ['POST /chatkit HTTP/1.0'], 200],
    ['two Hosts, by HTTP/1.0', ['POST /chatkit HTTP/1.0', 'Host: localhost', 'Host: evil.example'], 400],
    ['a strange Host, by HTTP/1.0', ['POST /chatkit HTTP/1.0', 'Host: evil.example'], 403],
    ['an empty Host', ['POST /chatkit HTTP/1.1', 'Host:'], 400],
    ['two Hosts', ['POST /chatkit HTTP/1.1', 'Host: localhost', 'Host: evil.example'], 400],
    ['two Hosts, the good one last', ['POST /chatkit HTTP/1.1', 'Host: evil.example', 'hOsT: localhost'], 400],
    ['two equal Hosts', ['POST /chatkit HTTP/1.1', 'Host: localhost', 'Host: localhost'], 400],
    ['a strange target', ['POST http://evil.example/chatkit HTTP/1.1', 'Host: localhost'], 400],
    ['a strange target, and its Host', ['POST http://evil.example/chatkit HTTP/1.1', 'Host: evil.example'], 403],
    ['a target with its Host', ['POST http://localhost/chatkit HTTP/1.1', 'Host: localhost'], 200],
    [
      'a forwarded name from nobody known',
      ['POST /chatkit HTTP/1.1', 'Host: evil.example', 'X-Forwarded-Host: localhost'],
      403,
    ],
    [
      'a forwarded name beside a good one',
      ['POST /chatkit HTTP/1.1', 'Host: localhost', 'X-Forwarded-Host: evil.example'],
      200,
    ],
  ])('a request with %s', async (_, head, status) => expect(await statusOf(relay.url, head, LIST)).toBe(status));

  const OWN = 'http://localhost:8000';
  it.each<[number, string, Headers]>([
    [200, 'no browser', {}],
    [200, 'the page itself', { 'sec-fetch-site': 'same-origin', origin: OWN }],
    [200, 'the address bar', { 'sec-fetch-site': 'none' }],
    [200, 'the page itself, of an old browser', { origin: OWN }],
    [200, 'the page itself, behind a proxy with TLS', { origin: 'https://localhost:8000' }],
    [200, 'the page itself under its public URL, of an old browser', { origin: PUBLIC }],
    [200, 'the page itself under its public URL', { origin: PUBLIC, 'sec-fetch-site': 'cross-site' }],
    [200, 'a page that is listed', { origin: APP, 'sec-fetch-site': 'cross-site' }],
    [200, 'a page that is listed, of an old browser', { origin: APP }],
    [
      200,
      'a page that is listed in another spelling',
      { origin: 'http://other.example', 'sec-fetch-site': 'same-site' },
    ],
    [403, 'another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    [403, 'another site, of an old browser', { origin: 'https://evil.example' }],
    [403, 'a sibling of the same site', { origin: 'https://blog.example.com', 'sec-fetch-site': 'same-site' }],
    [403, 'another port', { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }],
    [403, 'another port, of an old browser', { origin: 'http://localhost:5173' }],
    [403, 'the public URL on another port', { origin: 'https://chat.example.com' }],
    [403, 'a file or a sandboxed frame', { origin: 'null' }],
    [403, 'a sandboxed frame of this page', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    [403, 'a page without an origin', { 'sec-fetch-site': 'cross-site' }],
    [403, 'a form without an origin of the same site', { 'sec-fetch-site': 'same-site' }],
    [403, 'an unknown value', { 'sec-fetch-site': 'Same-Origin' }],
    [403, 'two values', { 'sec-fetch-site': 'same-origin, cross-site' }],
    [403, 'two origins', { origin: `${APP}, https://evil.example` }],
    [403, 'an origin that begins like a listed one', { origin: `${APP}.evil.example` }],
    [403, 'an origin that ends like a listed one', { origin: 'https://evilapp.example.com' }],
    [403, 'a listed host with another scheme', { origin: 'http://app.example.com' }],
    [403, 'a listed host with another port', { origin: `${APP}:8443` }],
    [403, 'an own host as the user of another', { origin: 'http://localhost:8000@evil.example' }],
    [403, 'a file', { origin: 'file://' }],
  ])('answers %i to a change that comes from %s', async (status, _, headers) => {
    const answer = await list({ host: 'localhost:8000', 'content-type': 'text/plain', ...headers });
    const { error } = JSON.parse(answer.body) as { error?: { code: string } };
    expect([answer.status, error?.code]).toEqual([status, status === 403 ? 'origin.refused' : undefined]);
  });

  it('a change that is refused leaves nothing behind, whatever its method and route', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const body = createThread('Forged');
    for (const [method, path] of [
      ['POST', '/chatkit'],
      ['POST', '/files'],
      ['PUT', '/files/atc_1'],
      ['DELETE', '/files/atc_1'],
      ['PATCH', '/chatkit'],
      ['POST', '/v1/chat/completions'],
      ['POST', '/chatkit/runs/run_1/cancel'],
      ['POST', '/admin/queues/api/queues/run-turn/pause'],
      ['POST', '/nothing'],
    ] as const) {
      const { status } = await ask(relay.url, path, { method, headers, ...(method !== 'DELETE' && { body }) });
      expect({ method, path, status }).toEqual({ method, path, status: 403 });
    }
    expect(await relay.query('SELECT 1 FROM threads UNION ALL SELECT 1 FROM runs')).toEqual([]);
  });

  it('says once what would allow an origin', async () => {
    for (let times = 0; times < 3; times++) {
      await list({ origin: 'http://again.example:5173' });
      await ask(relay.url, '/models', { headers: { origin: 'http://again.example:5173' } });
    }
    await until('the line', 10_000, async () => linesWith('again.example:5173').length > 0);
    const lines = linesWith('again.example:5173');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`CORS_ORIGINS=${APP},http://other.example,http://again.example:5173"`);
  });

  it.each<[string, string | undefined]>([
    [APP, APP],
    ['http://other.example', 'http://other.example'],
    ['http://localhost:5173', undefined],
    ['http://127.0.0.1:8000', undefined],
    ['https://evil.example', undefined],
    [`${APP}.evil.example`, undefined],
    ['null', undefined],
    ['*', undefined],
  ])('lets a page of %s read as %s', async (origin, allowed) => {
    const preflight = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-own, content-type',
    };
    const asked = await ask(relay.url, '/chatkit', { method: 'OPTIONS', headers: preflight });
    const read = await ask(relay.url, '/models', { headers: { origin } });
    for (const { headers } of [asked, read]) {
      expect(headers['access-control-allow-origin']).toBe(allowed);
      expect(headers['access-control-allow-credentials']).toBe(allowed && 'true');
      expect(headers.vary).toContain('Origin');
    }
    expect(asked.headers['access-control-max-age']).toBe(allowed && '7200');
    expect(asked.headers['access-control-allow-headers']).toBe(allowed && 'x-own, content-type');
    expect(read.headers['access-control-expose-headers']).toBe(allowed && 'ChatKit-Run-Id, Retry-After, X-Request-Id');
  });

  it('does not say that CORS_ORIGINS would open the administration', async () => {
    const headers = { origin: 'https://admin.example', 'sec-fetch-site': 'cross-site' };
    const refused = await ask(relay.url, '/admin/api/keys', { method: 'POST', headers, body: {} });
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('address of this server');
    expect(refused.body).not.toContain('CORS_ORIGINS');
    await until('the line', 10_000, async () => linesWith('https://admin.example').length > 0);
    expect(linesWith('https://admin.example')[0]).toContain('whatever CORS_ORIGINS says');
    expect(linesWith('CORS_ORIGINS=').filter((line) => line.includes('https://admin.example'))).toEqual([]);
  });

  it('tells caches that answers differ by origin, even to a request without one', async () => {
    expect((await ask(relay.url, '/models')).headers.vary).toContain('Origin');
  });

  it('keeps administration to its own pages, listed or not', async () => {
    const authorization = `Bearer ${'x'.repeat(16)}`;
    const headers = { origin: APP, 'sec-fetch-site': 'cross-site', authorization };
    for (const path of ['/admin/queues', '/admin/queues/api/queues', '/admin/other']) {
      expect((await ask(relay.url, path, { headers })).headers['access-control-allow-origin']).toBeUndefined();
      expect((await ask(relay.url, path, { method: 'POST', headers })).status).toBe(403);
      const preflight = { ...headers, 'access-control-request-method': 'POST' };
      const asked = await ask(relay.url, path, { method: 'OPTIONS', headers: preflight });
      expect(asked.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('a server whose proxy names the user', () => {
  const variables = { ...KNOWN, AUTH_TRUSTED_PROXIES: '127.0.0.1' };
  const relay = useRelay('postgres', { workers: 0, variables });
  const list = (headers: Headers) => ask(relay.url, '/chatkit', { method: 'POST', headers, body: LIST });

  it('believes a request of this machine only under a name of its own', async () => {
    for (const [host, status] of [
      ['evil.example', 403],
      ['chat.example.com', 200],
      ['localhost', 200],
    ] as const) {
      const origin = `http://${host}`;
      const answer = await list({ host, origin, 'sec-fetch-site': 'same-origin', [USER_HEADER]: 'ada' });
      expect({ host, status: answer.status }).toEqual({ host, status });
    }
  });

  it.each([
    ['the public name', 'chat.example.com:8443', PUBLIC, 200],
    ['another name of its own', 'relay.lan', 'https://relay.lan', 200],
    ['the last of several', 'evil.example, relay.lan', 'https://relay.lan', 200],
    ['a strange name', 'evil.example', 'https://evil.example', 403],
    ['a strange name, in the end', 'relay.lan, evil.example', 'https://relay.lan', 403],
    ['another name than the page has', 'relay.lan', 'https://x.apps.lan', 403],
  ])('takes from a listed proxy how the browser named it: %s', async (_, forwarded, origin, status) => {
    const headers = { host: '127.0.0.1', 'x-forwarded-host': forwarded, origin, [USER_HEADER]: 'ada' };
    expect((await list(headers)).status).toBe(status);
  });

  it('refuses forged requests in the name of a user', async () => {
    const forged: Headers[] = [
      { origin: 'https://blog.example.com', 'sec-fetch-site': 'same-site' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of forged) {
      expect((await list({ host: 'chat.example.com', [USER_HEADER]: 'ada', ...headers })).status).toBe(403);
    }
  });

  it('tells a page that is listed why it was refused', async () => {
    const { status, headers } = await list({ origin: APP, 'sec-fetch-site': 'cross-site' });
    expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({ status: 401, allowed: APP });
  });
});

describe('a server that asks for a token', () => {
  const jwt = {
    AUTH_MODE: 'jwt',
    AUTH_JWT_SECRET: 'a-secret-of-at-least-thirty-two-bytes',
  };
  const relay = useRelay('postgres', { workers: 0, variables: { ...jwt, CORS_ORIGINS: '*' } });

  it('answers under every name, and lets all pages try, without what browsers send by themselves', async () => {
    const headers = { host: 'any.example', origin: 'https://any.example.com', 'sec-fetch-site': 'cross-site' };
    const answer = await ask(relay.url, '/chatkit', { method: 'POST', headers, body: LIST });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe('a start that would let strangers in', () => {
  const DATABASE_URL = 'postgresql://127.0.0.1:1/none';
  const CONFIG_EXIT_CODE = 78;

  it.each([
    [
      'api',
      { HOST: '0.0.0.0', AUTH_USER_HEADER: 'X-User', AUTH_TRUSTED_PROXIES: '10.0.0.0/8' },
      ['AUTH_USER_HEADER', 'HOST=0.0.0.0'],
    ],
    ['api', { HOST: '::' }, ['AUTH_ALLOW_OPEN=true']],
    ['api', { PUBLIC_URL: 'https://chat.example.com' }, ['PUBLIC_URL=https://chat.example.com lets other machines in']],
    ['worker', { AUTH_MODE: 'none', AUTH_USER_HEADER: 'X-User' }, ['AUTH_USER_HEADER']],
    ['worker', { AUTH_MOD: 'jwt' }, ['AUTH_MODE is meant']],
  ] as const)('is refused with words (%s)', async (app, variables, words) => {
    const { code, output } = await runApp(app, { DATABASE_URL, ...variables });
    expect(code).toBe(CONFIG_EXIT_CODE);
    for (const word of words) expect(output).toContain(word);
  });
});
