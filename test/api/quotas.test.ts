import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Answer, createThread, deltasOf, post, type PostOptions, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useProvider } from '../support/provider.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const CONFIG = fileURLToPath(new URL('quotas.config.yaml', import.meta.url));
const SHORT = 'openai/fake;tokens=3';
const ENDLESS = 'openai/fake;tokens=3000;delay=100';

const errorOf = ({ raw }: Answer) => (JSON.parse(raw) as { error: { code: string; details: unknown } }).error;

/** What a stranger has written stands first, and is not believed. */
const from = (address: string) => ({ headers: { 'x-forwarded-for': `203.0.113.9, ${address}` } });

describe.each(engineKinds)('quotas on the %s engine', (engine) => {
  const provider = useProvider();
  const proxies = { AUTH_TRUSTED_PROXIES: '127.0.0.0/8' };
  const relay = useRelay(engine, { provider, apis: 2, variables: { CHATKIT_CONFIG: CONFIG, ...proxies } });

  const api = (n: number): string => String(relay.apis[n % 2]?.ready['url']);
  /** Each test, and each user, behind an address of its own. */
  const ask = (user: string, n = 0, model = SHORT, options: PostOptions = {}) =>
    post(api(n), createThread('Hello', { model }), {
      user,
      headers: { 'x-forwarded-for': `192.0.2.${user.length}` },
      ...options,
    });
  const usageOf = async (user: string) => {
    const headers = { ...userHeader(user), 'x-forwarded-for': '192.0.2.200' };
    const answer = await fetch(`${api(0)}/usage`, { headers });
    return ((await answer.json()) as { quotas: Record<string, unknown>[] }).quotas;
  };
  const userHeader = (user: string): Record<string, string> => ({
    [relay.variables['AUTH_USER_HEADER'] ?? 'x-user']: user,
  });
  const rows = () =>
    relay.query(`SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM threads) AS threads,
                        (SELECT count(*) FROM items) AS items`);

  it('refuses what does not fit with 429 and the time of reset, before the stream, and stores nothing', async () => {
    const requests = new Map<number, () => void>();
    const busy = [0, 1, 2].map((n) =>
      ask('ada', n, ENDLESS, {
        // Several deltas may come at once.
        onEvents: (events, request) => void (deltasOf(events).length > 0 && requests.set(n, () => request.destroy())),
      }),
    );
    await until('three answer', 30_000, async () => requests.size === 3);
    const before = await rows();
    const refused = await ask('ada', 1);
    expect([refused.status, refused.headers['retry-after'], refused.headers['content-type']]).toEqual([
      429,
      '5',
      expect.stringContaining('application/json'),
    ]);
    const details = { quota: 'user.tokens.day', limit: 3_500, used: 0, reserved: 3_000, remaining: 500 };
    expect(errorOf(refused)).toMatchObject({ code: 'quota.exceeded', details });
    expect(await rows()).toEqual(before);
    expect(await usageOf('ada')).toEqual([{ ...details, resets_at: expect.stringMatching(/T00:00:00Z$/) as string }]);
    expect((await ask('bob')).status).toBe(200);

    // The worker is killed, and the readers leave: whoever ends the runs, what they have reserved is free again.
    await relay.workers[0]?.kill('SIGKILL');
    for (const close of requests.values()) close();
    await relay.startWorker();
    await Promise.allSettled(busy);
    const open = `SELECT 1 FROM runs WHERE owner_id = 'ada' AND settled_at IS NULL`;
    await until('they have ended', 60_000, async () => (await relay.query(open)).length === 0);
    const [ledger] = await relay.query<{ booked: number }>(
      `SELECT coalesce(sum(input_tokens + output_tokens), 0)::int AS booked FROM model_usage WHERE owner_id = 'ada'`,
    );
    expect(await usageOf('ada')).toMatchObject([{ used: ledger?.booked, reserved: 0 }]);
  }, 120_000);

  it('refuses too many requests of a user through all APIs, and of no other user', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        fetch(`${api(n)}/usage`, { headers: { ...userHeader('flood'), 'x-forwarded-for': '192.0.2.201' } }),
      ),
    );
    const admitted = answers.filter(({ status }) => status === 200).length;
    // As many as a minute has, and what comes back while they are asked.
    expect(admitted).toBeGreaterThanOrEqual(12);
    expect(admitted).toBeLessThan(40);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({
      error: { code: 'rate_limit.exceeded', details: { limit: 'user', per_minute: 12 } },
    });
    expect(
      (await fetch(`${api(0)}/usage`, { headers: { ...userHeader('calm'), 'x-forwarded-for': '192.0.2.202' } })).status,
    ).toBe(200);
  });

  it('refuses too many requests of an address that nobody has authenticated, and still says that it is healthy', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 120; n++) statuses.push((await fetch(`${api(n)}/usage`, from('192.0.2.210'))).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await fetch(`${api(0)}/usage`, from('192.0.2.211'))).status).toBe(401);
    expect((await fetch(`${api(0)}/health`, from('192.0.2.210'))).status).toBe(200);
  });
});

const isRefused = ({ status }: Response): boolean => status === 429;

describe.each(engineKinds)('requests a minute of a tenant on the %s engine', (engine) => {
  const TENANT_HEADER = 'x-test-tenant';
  const folder = temporaryFolder('tenant-rates-');
  const CHATKIT_CONFIG = join(folder, 'relay.config.yaml');
  writeFileSync(CHATKIT_CONFIG, 'quotas: { perTenant: { requestsPerMinute: 10 } }');
  const variables = { CHATKIT_CONFIG, AUTH_TENANT_HEADER: TENANT_HEADER, DATA_DIR: folder };
  const relay = useRelay(engine, { apis: 2, workers: 0, variables });
  const asking = (tenant: string, user: string, n = 0, path = '/usage', init: RequestInit = {}) =>
    fetch(`${String(relay.apis[n % 2]?.ready['url'])}${path}`, {
      ...init,
      headers: { [USER_HEADER]: user, [TENANT_HEADER]: tenant, ...init.headers },
    });
  const sentBy = (tenant: string, path?: string, init?: RequestInit) =>
    Promise.all(Array.from({ length: 40 }, (_, n) => asking(tenant, `user${n}`, n, path, init)));

  it('are those of all of its users together, through all APIs, and of no other tenant', async () => {
    const answers = await sentBy('acme');
    const admitted = answers.filter(({ status }) => status === 200).length;
    expect(admitted).toBeGreaterThanOrEqual(10);
    expect(admitted).toBeLessThan(40);
    expect(await answers.find(isRefused)?.json()).toMatchObject({
      error: { code: 'rate_limit.exceeded', details: { limit: 'tenant', per_minute: 10 } },
    });
    expect((await asking('other', 'user0')).status).toBe(200);
  });

  it('are also those that send files', async () => {
    const upload = { method: 'POST', body: 'a', headers: { 'content-type': 'text/plain' } };
    expect((await sentBy('files', '/files', upload)).some(isRefused)).toBe(true);
  });
});
