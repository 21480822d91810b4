import { writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createThread, post } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ask } from './auth/ask.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const folder = temporaryFolder('relay-admin-limits-');

/** Answers the model `held` when it is told to, all others at once; one of the keys has no calls left for two minutes. */
const held: ServerResponse[] = [];
const answer = (response: ServerResponse): void => {
  const message = { role: 'assistant', content: 'Hello' };
  const usage = { prompt_tokens: 400, completion_tokens: 100 };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
};
const provider = createServer((request, response) => {
  let body = '';
  request.on('data', (piece: Buffer) => (body += piece.toString()));
  request.on('end', () => {
    if (request.headers.authorization === 'Bearer key-that-is-limited') {
      response.writeHead(429, { 'retry-after': '120', 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'Too many requests' } }));
    } else if (body.includes('"held"')) held.push(response);
    else answer(response);
  });
});
beforeAll(() => new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  held.forEach(answer);
  provider.close();
});

function configFile(): string {
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  const path = join(folder, 'relay.config.yaml');
  writeFileSync(
    path,
    `providers:
  - { kind: openai-compatible, id: slow, baseUrl: '${baseUrl}', defaultModel: held, limits: { concurrency: 1, requestsPerMinute: 60 } }
  - { kind: openai-compatible, id: keyed, baseUrl: '${baseUrl}', defaultModel: m, apiKeys: [key-that-is-limited, key-that-works] }
models: { narrow: { model: keyed/m, limits: { tokensPerMinute: 100, burst: 1 } } }
defaults: { model: keyed/m }
titles: false
limits: { activeRuns: { perTenant: 30 } }
quotas: { reserve: { tokens: 100 }, perUser: { tokensPerDay: 10000 } }
`,
  );
  return path;
}

interface Limits {
  readonly calls: readonly { readonly of: string; readonly name: string; readonly [kind: string]: unknown }[];
  readonly [part: string]: unknown;
}

describe.each(engineKinds)('the limits in use on the %s engine', (engine) => {
  const relay = useRelay(engine, () => ({ variables: { ADMIN_TOKEN, CHATKIT_CONFIG: configFile() } }));
  const limits = async () =>
    (await ask(relay.url, '/admin/api/limits', { token: ADMIN_TOKEN })).json as unknown as Limits;
  const callsOf = async (name: string) => (await limits()).calls.find((one) => one.name === name);

  it('are those of models and providers, with who waits', async () => {
    const turns = ['ada', 'bob', 'eve'].map((user) =>
      post(relay.url, createThread('Hi', { model: 'slow/held' }), { user }),
    );
    await expect
      .poll(() => callsOf('slow'), { timeout: 20_000 })
      .toMatchObject({ of: 'provider', concurrency: { used: 1, allowed: 1, waiting: 2 }, tokens: null });
    const { runs } = await limits();
    expect(runs).toMatchObject({
      queued: { used: 0, allowed: 10_000 },
      owners: [
        { tenant: 'default', user: null, active: { used: 3, allowed: 30 } },
        { user: 'ada', active: { used: 1, allowed: 10 }, queued: { used: 0, allowed: 100 } },
        { user: 'bob' },
        { user: 'eve' },
      ],
    });
    for (let left = turns.length; left > 0; left--) {
      await expect.poll(() => held.length, { timeout: 10_000 }).toBe(1);
      held.splice(0).forEach(answer);
    }
    await Promise.all(turns);
    const after = await callsOf('slow');
    expect(after).toMatchObject({ concurrency: { used: 0 }, requests: { per_minute: 60 } });
  });

  it('are those of keys that a provider has refused, without the keys', async () => {
    for (let n = 0; n < 2; n++) await post(relay.url, createThread('Hi', { model: 'keyed/m' }), { user: 'ada' });
    const found = await limits();
    const [paused] = found['paused_keys'] as { readonly key: string; readonly for_ms: number }[];
    expect(paused).toMatchObject({ provider: 'keyed', key: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(paused?.for_ms).toBeGreaterThan(60_000);
    expect(JSON.stringify(found)).not.toContain('key-that');
  });

  it('are those of tokens a minute, and how long the next call waits', async () => {
    expect(await callsOf('narrow')).toMatchObject({
      of: 'model',
      concurrency: null,
      requests: null,
      tokens: { per_minute: 100, free: 100, wait_ms: 0 },
    });
    await post(relay.url, createThread('Hi', { model: 'narrow' }), { user: 'ada' });
    // Five times of what a minute has, of which a minute's worth was free.
    const booked = async () => ((await callsOf('narrow')) as unknown as { tokens: object }).tokens;
    await expect.poll(booked, { timeout: 10_000 }).toMatchObject({ free: 0, wait_ms: expect.any(Number) });
    expect((await booked()) as { wait_ms: number }).toSatisfy(({ wait_ms: ms }) => ms > 60_000);
  });

  it('are those of attachments in the memory of workers, and of quotas', async () => {
    const worker = {
      used_bytes: 0,
      allowed_bytes: expect.any(Number),
      waiting: 0,
      worker: expect.stringMatching(/^wrk_/),
    };
    await expect.poll(async () => (await limits())['attachments'], { timeout: 10_000 }).toEqual([worker]);
    await relay.query(`UPDATE quota_counters SET day_tokens = 9800 WHERE owner_id = 'bob'`);
    const { quotas } = (await limits()) as unknown as { quotas: { data: object[]; is_cut: boolean } };
    expect(quotas.data[0]).toMatchObject({
      tenant: 'default',
      user: 'bob',
      quota: 'user.tokens.day',
      limit: 10_000,
      reserved: 0,
      resets_at: expect.stringMatching(/T00:00:00Z$/),
    });
    expect(quotas.is_cut).toBe(false);
  });
});
