import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createThread, deltasOf, post } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { oneEngine } from '../support/one-engine.js';
import { startRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask } from './auth/ask.js';
import { type Person, populate, TENANT_HEADER, tracesOf } from './isolation/people.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const folder = temporaryFolder('relay-admin-data-');

/** A provider that only notes who pays. */
const paidBy: (string | undefined)[] = [];
const provider = createServer((request, response) => {
  paidBy.push(request.headers.authorization);
  const message = { role: 'assistant', content: 'Hello' };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
});
beforeAll(() => new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve)));
afterAll(() => provider.close());

function configFile(): string {
  const { port } = provider.address() as AddressInfo;
  const path = join(folder, 'relay.config.yaml');
  writeFileSync(
    path,
    `providers: [{ kind: openai-compatible, id: paid, baseUrl: 'http://127.0.0.1:${port}/v1', apiKey: the-shared-key, defaultModel: m }, { kind: demo }]
defaults: { model: demo/demo }
titles: false
`,
  );
  return path;
}

describe.each(oneEngine('postgres'))('what administrators do about the data of users on the %s engine', (engine) => {
  const relay = duringSuite(
    () =>
      startRelay(engine, {
        variables: {
          ADMIN_TOKEN,
          AUTH_TENANT_HEADER: TENANT_HEADER,
          CHATKIT_CONFIG: configFile(),
          DATA_DIR: folder,
          SECRETS_KEY: 'secrets-'.repeat(4),
        },
      }),
    (started) => started.stop(),
  );
  const admin = (path: string, method = 'GET', body?: unknown) =>
    ask(relay.url, `/admin/api/${path}`, {
      method,
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    });
  let people: Person[];
  beforeAll(async () => {
    people = await populate(relay);
  }, 120_000);
  /** The key that paid for a turn in the tenant of this person. */
  const payerFor = async ({ headers }: Person): Promise<string | undefined> => {
    const { events } = await post(relay.url, createThread('Hi', { model: 'paid/m' }), { headers });
    expect(deltasOf(events).join('')).toBe('Hello');
    return paidBy.at(-1);
  };
  const remainsOf = async (texts: readonly string[]) =>
    (await admin('remains', 'POST', { texts })).json['data'] as { readonly where: string; readonly name: string }[];

  it('a user is exported, erased, and nothing is left but of others', async () => {
    const [ada, , sameName] = people as [Person, Person, Person];
    const whose = 'tenant=acme&user=ada';
    const exported = await admin(`user-export?${whose}&files=true`);
    expect(exported.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const lines = exported.text.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      type: 'end',
      counts: { thread: 1, attachment: 1, file: 1 },
    });
    for (const trace of tracesOf(ada)) expect(exported.text).toContain(trace);
    for (const trace of tracesOf(sameName)) expect(exported.text).not.toContain(trace);
    expect((await remainsOf(tracesOf(ada))).map(({ where }) => where)).toEqual(
      expect.arrayContaining(['postgres', 'files', ...(engine === 'redis' ? ['redis'] : [])]),
    );
    const erased = await admin(`user-data?${whose}`, 'DELETE');
    expect({ status: erased.status, ...erased.json }).toMatchObject({ status: 200, threads: 1, attachments: 1 });
    // The queue's list of past events has ids of runs, which name nobody, until newer ones take their place.
    const texts = tracesOf(ada).filter((trace) => !trace.startsWith('run_'));
    expect(await remainsOf(texts)).toEqual([]);
    expect((await remainsOf(tracesOf(sameName))).length).toBeGreaterThan(3);
  });

  it('what administrators do is on record, without names of persons and without keys', async () => {
    const { json, text } = await admin('audit?action=user.erase&tenant=acme');
    expect(json['data']).toEqual([
      expect.objectContaining({
        actor: 'adminToken',
        action: 'user.erase',
        tenant: 'acme',
        subject: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/),
        address: '127.0.0.1',
        request_id: expect.any(String),
      }),
    ]);
    expect(text).not.toMatch(/\bada\b/);
    // A copy of the table and a list of names do not tell who it was; the server does, also of an entry from before there was a key.
    const plain = createHash('sha256').update('["acme","ada"]').digest('hex');
    expect(text).not.toContain(plain);
    await relay.query(
      `INSERT INTO audit_log (id, actor, action, tenant_id, subject) VALUES ('aud_old', 'adminToken', 'user.erase', 'acme', $1)`,
      [plain],
    );
    const found = async (user: string) =>
      (await admin(`audit?action=user.erase&tenant=acme&user=${user}`)).json['data'] as { readonly id: string }[];
    expect((await found('ada')).map(({ id }) => id === 'aud_old')).toEqual([true, false]);
    expect(await found('grace')).toEqual([]);
    const refused = await ask(relay.url, '/admin/api/user-data?tenant=acme&user=grace', {
      method: 'DELETE',
      headers: people[1]?.headers ?? {},
    });
    expect(refused.status).toBe(403);
    expect((await admin('audit?action=user.erase')).json['data']).toHaveLength(2);
  });

  it('the command exports, erases and proves it', () => {
    const out = join(folder, `${engine}.jsonl`);
    const args = [
      'tools/user-data.mjs',
      'prove',
      '--tenant',
      'other',
      '--user',
      'ada',
      '--out',
      out,
      '--url',
      relay.url,
    ];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      cwd: join(import.meta.dirname, '../..'),
      env: { ADMIN_TOKEN },
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/in 0 places something is left/);
    expect(readFileSync(out, 'utf8')).toContain('"type":"end"');
  });

  it.each([
    ['DELETE', 'user-data', undefined],
    ['DELETE', 'user-data?user=', undefined],
    ['GET', 'user-export?tenant=acme', undefined],
    ['GET', 'user-export?user=ada&files=yes', undefined],
    ['POST', 'remains', { texts: [] }],
    ['POST', 'remains', { texts: ['abc'] }],
    ['PUT', 'provider-keys', { tenant: 'acme', provider: 'paid' }],
    ['PUT', 'provider-keys', { tenant: 'acme', provider: 'paid', key: 'a key with spaces' }],
  ])('%s %s with %j is refused', async (method, path, body) => {
    expect(await admin(path, method, body)).toMatchObject({
      status: 400,
      json: { error: { code: 'request.invalid' } },
    });
  });

  it('a tenant pays with its own key, which is shown to nobody', async () => {
    const key = `sk-acme-${engine}-0123456789`;
    const grace = people[1] as Person;
    expect(await payerFor(grace)).toBe('Bearer the-shared-key');
    const stored = await admin('provider-keys', 'PUT', { tenant: 'acme', provider: 'paid', key });
    expect(stored).toMatchObject({ status: 200, json: { tenant: 'acme', provider: 'paid' } });
    const listed = await admin('provider-keys?tenant=acme');
    for (const { text } of [stored, listed]) expect(text).not.toContain('acme-');
    expect(await remainsOf([key, key.slice(0, 12)])).toEqual([]);
    const started = Date.now();
    let payer = await payerFor(grace);
    while (payer !== `Bearer ${key}` && Date.now() - started < 30_000) payer = await payerFor(grace);
    expect(payer).toBe(`Bearer ${key}`);
    expect(await payerFor(people[3] as Person)).toBe('Bearer the-shared-key');
    expect((await admin('provider-keys/rotate', 'POST', {})).json).toEqual({ rotated: 1 });
    expect((await admin('provider-keys?tenant=acme&provider=paid', 'DELETE')).status).toBe(204);
    expect((await admin('provider-keys?tenant=acme&provider=paid', 'DELETE')).status).toBe(404);
  }, 120_000);
});
