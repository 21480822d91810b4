import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { SeenRequest } from '#providers/testing';
import { ask } from '../api/auth/ask.js';
import { createThread, post, threadIdOf, until } from '../support/chat.js';
import { useLocalServer } from '../support/local-server.js';
import { useRelay } from '../support/relay.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const SHARED = 'sk-shared-0123456789abcdef';
const KEY = 'sk-tenant-9f8e7d6c5b4a3210fedc';
const CUT = KEY.slice(4, 22);
const BASE64 = Buffer.from(`user:${KEY}`).toString('base64');

/** A provider that refuses, and repeats the key that it was sent: whole, cut and in Base64. */
function echo(response: ServerResponse, { headers }: SeenRequest): void {
  const key = String(headers.authorization).replace('Bearer ', '');
  const words = `whole ${key}, cut ${key.slice(4, 22)}, base64 ${Buffer.from(`user:${key}`).toString('base64')}`;
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message: words, type: key } }));
}

const upstream = useLocalServer(echo);
const relay = useRelay('postgres', () => ({
  variables: {
    ADMIN_TOKEN,
    SECRETS_KEY: 'secrets-'.repeat(4),
    CHATKIT_CONFIG: new URL('providers-errors.config.yaml', import.meta.url).pathname,
    TEST_URL: upstream.url,
    TEST_KEY: SHARED,
    TEST_HEADER: 'team-secret-fedcba9876543210',
  },
}));

it('a tenant’s key that its provider repeats is in no answer, row or log: not whole, not cut, not in Base64', async () => {
  const body = { tenant: 'default', provider: 'local', key: KEY };
  const stored = await ask(relay.url, '/admin/api/provider-keys', { method: 'PUT', token: ADMIN_TOKEN, body });
  expect(stored.status).toBe(200);
  const seen = await until('the tenant pays', 30_000, async () => {
    const answer = await post(relay.url, createThread('Hi', { model: 'local/m' }));
    return upstream.requests.at(-1)?.headers.authorization === `Bearer ${KEY}` && answer;
  });
  const gateway = await ask(relay.url, '/v1/chat/completions', {
    method: 'POST',
    headers: { 'x-test-user': 'ada', 'content-type': 'application/json' },
    body: { model: 'local/m', messages: [{ role: 'user', content: 'Hi' }] },
  });
  expect(gateway.status).toBeGreaterThanOrEqual(400);
  const [run] = await relay.query<{ id: string; error_detail: string }>(
    'SELECT id, error_detail FROM runs WHERE thread_id = $1',
    [threadIdOf(seen)],
  );
  expect(run?.error_detail).toContain('whole [secret]');
  const shown = await ask(relay.url, `/admin/api/runs/${run?.id ?? ''}`, { token: ADMIN_TOKEN });
  expect(shown.text).toContain('[secret]');
  const tables = ['runs', 'items', 'run_log_entries', 'model_usage', 'catalogues', 'policy_breakers', 'audit_log'];
  const rows = await Promise.all(tables.map((table) => relay.query(`SELECT * FROM ${table}`)));
  const outputs = (): string[] => [...relay.apis, ...relay.workers].map((app) => app.output());
  await until('the failure is logged', 5_000, async () => outputs().join('\n').includes('run failed'));
  const logs = outputs();
  const texts = [seen.raw, gateway.text, shown.text, JSON.stringify(rows), ...logs];
  for (const text of texts) for (const part of [KEY, CUT, BASE64]) expect(text).not.toContain(part);
}, 60_000);
