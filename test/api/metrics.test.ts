import { describe, expect, it } from 'vitest';
import { isCi } from '../support/chromium.js';
import { nginxMissing, startNginx } from '../support/nginx.js';
import { duringSuite } from '../support/during-suite.js';
import { useRelay } from '../support/relay.js';
import { ask, type Headers } from './support/raw-request.js';

const ADMIN_TOKEN = 'an-administrators-token';
const AS_ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}` };
const A_METRIC = '\nchatkit_relay_open_streams 0\n';

describe('the metrics of an API that knows its users', () => {
  const relay = useRelay('postgres', {
    workers: 0,
    variables: { AUTH_MODE: 'jwt', AUTH_JWT_SECRET: 's'.repeat(32), ADMIN_TOKEN, METRICS_PORT: '0' },
  });
  const read = (headers: Headers) => ask(relay.url, '/metrics', { headers });

  it('are for administrators', async () => {
    const answer = await read(AS_ADMIN);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain(A_METRIC);
  });

  it.each<[string, Headers]>([
    ['from loopback', {}],
    ['for a proxy on the same machine', { 'x-forwarded-for': '203.0.113.9' }],
    ['that says that it comes from loopback', { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' }],
    ['with another token', { authorization: 'Bearer not-the-administrators' }],
  ])('are closed to a request %s', async (_, headers) => {
    const answer = await read(headers);
    expect(answer.status).toBe(401);
    expect(answer.body).not.toContain('chatkit_relay');
  });

  describe.runIf(!nginxMissing || isCi)('behind a proxy that adds no header of its own', () => {
    const nginx = duringSuite(
      () =>
        startNginx([relay.url], {
          changes: {
            'proxy_set_header X-Forwarded-Host $http_host;': '',
            'proxy_set_header X-Forwarded-Proto $scheme;': '',
            'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;': '',
          },
        }),
      (started) => started.stop(),
    );

    it('are for administrators, too', async () => {
      expect((await ask(nginx.url, '/metrics', {})).status).toBe(401);
      expect((await ask(nginx.url, '/metrics', { headers: AS_ADMIN })).status).toBe(200);
    });
  });

  it('are on a port of their own, which listens on loopback, has nothing else and answers to loopback names', async () => {
    const url = String(relay.apis[0]?.ready['metricsUrl']);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const answer = await ask(url, '/metrics', {});
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': expect.stringMatching(/^text\/plain/) } });
    expect(answer.body).toContain(A_METRIC);
    for (const path of ['/', '/health', '/models', '/metrics/', '/admin/queues']) {
      expect({ path, status: (await ask(url, path, {})).status }).toEqual({ path, status: 404 });
    }
    expect((await ask(url, '/metrics', { method: 'POST', body: {} })).status).toBe(405);
    expect((await ask(url, '/metrics', { headers: { host: 'evil.example' } })).status).toBe(403);
    // At no other address.
    await expect(ask(url.replace('127.0.0.1', '127.0.0.2'), '/metrics', {})).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the metrics of an API that asks nobody who they are', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { AUTH_MODE: 'none' } });

  it('are open to its own machine', async () => {
    const answer = await ask(relay.url, '/metrics', {});
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain(A_METRIC);
  });

  it.each<[string, Headers]>([
    ['from a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['from a proxy that names the client in another way', { 'x-real-ip': '203.0.113.9' }],
    ['for another name', { host: 'evil.example' }],
  ])('are closed to a request %s', async (_, headers) => {
    const { status, body } = await ask(relay.url, '/metrics', { headers });
    expect(status).toBe(401);
    expect(body).not.toContain('chatkit_relay');
  });
});
