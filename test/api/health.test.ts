import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { createThread, post, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { createTestDatabase } from '../support/engines.js';
import { oneEngine } from '../support/one-engine.js';
import { it } from '../support/own.js';
import { runApp } from '../support/processes.js';
import { type Relay, startRelay, USER_HEADER, useRelay } from '../support/relay.js';

const KEY = 'sk-health-0123456789abcdef';
const CONFIG = new URL('health.config.yaml', import.meta.url).pathname;

const NOBODY = 'Nobody can answer right now. Your message waits, and is answered as soon as that changes.';
const MIGRATIONS = readdirSync(new URL('../../prisma/migrations', import.meta.url)).filter((name) => /^\d/.test(name));
const NEWEST = MIGRATIONS.toSorted().at(-1);

interface Ready {
  readonly status: string;
  /** In words, where something can be done about it. */
  readonly problem?: string;
  readonly checks: Record<string, string>;
  readonly providers?: readonly ({ readonly id: string; readonly ok: boolean | null } & Record<string, unknown>)[];
}

async function ready(relay: Relay, query = ''): Promise<{ status: number; body: Ready }> {
  const response = await fetch(`${relay.url}/health/ready${query}`);
  return { status: response.status, body: (await response.json()) as Ready };
}

/** One provider that lists 150 models, one that refuses the key and repeats it, and one that never answers. */
async function startProviders(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/hangs')) return;
    const refuses = path.startsWith('/refuses');
    const models = Array.from({ length: 150 }, (_, index) => ({ id: `m${index}` }));
    const body = refuses
      ? { error: { message: `wrong key ${request.headers.authorization}`, code: 'invalid_api_key' } }
      : { data: models };
    response.writeHead(refuses ? 401 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

const asked = (relay: Relay) =>
  until('all providers were asked', 15_000, async () => {
    const { body } = await ready(relay, '?deep=1');
    return body.providers?.length === 3 && body.providers.every(({ ok }) => ok !== null) && body;
  });

const breaker = (model: string, openUntil: string | undefined) => ({ provider: 'lists', model, openUntil });

const upstream = duringSuite(startProviders, ({ server }) => {
  server.closeAllConnections();
  server.close();
});
const variables = () => ({ CHATKIT_CONFIG: CONFIG, TEST_KEY: KEY, TEST_URL: upstream.url });

describe.each(oneEngine('redis'))('readiness in depth on the %s engine', (engine) => {
  const relay = useRelay(engine, () => ({ variables: variables() }));

  it('shows a failing provider without refusing requests, and no more than its code', async () => {
    const body = await asked(relay);
    expect(body).toMatchObject({ status: 'degraded', checks: { postgres: 'ok', queue: 'ok', worker: 'ok' } });
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
    const latencyMs = expect.any(Number) as number;
    expect(body.providers).toEqual([
      { id: 'lists', ok: true, latencyMs, checkedAt: at },
      { id: 'refuses', ok: false, code: 'bad_key', latencyMs, checkedAt: at },
      { id: 'hangs', ok: false, code: 'timeout', latencyMs, checkedAt: at },
    ]);
    expect((await ready(relay, '?deep=1')).status).toBe(200);
  });

  it('has not waited for them before it took messages', async () => {
    const log = await until('the log line', 10_000, async () => {
      const output = relay.workers[0]?.output() ?? '';
      return output.includes('"provider":"hangs"') && output;
    });
    expect(log.indexOf('"worker ready"')).toBeGreaterThan(0);
    expect(log.indexOf('"worker ready"')).toBeLessThan(log.indexOf('"provider":"hangs"'));
  });

  it('says in short what it always said', async () => {
    const { status, body } = await ready(relay);
    expect([status, body.status, Object.keys(body)]).toEqual([200, 'ok', ['status', 'checks']]);
    expect(Object.keys(body.checks)).toEqual(['postgres', 'schema', `events (${engine})`, 'queue']);
  });

  it('offers public names, then the models of each provider, of a long list a hundred', async () => {
    await asked(relay);
    const { models } = await until('the API knows the lists', 10_000, async () => {
      const response = await fetch(`${relay.url}/models`, { headers: { [USER_HEADER]: 'ada' } });
      const choices = (await response.json()) as { models: { id: string; default: boolean }[] };
      return choices.models.length > 10 && choices;
    });
    expect(models.map(({ id }) => id)).toEqual([
      'fast',
      'lists/m120',
      ...Array.from({ length: 99 }, (_, index) => `lists/m${index}`),
      'refuses/r1',
      'refuses/r2',
      'hangs/h1',
    ]);
    expect(models.filter((model) => model.default).map(({ id }) => id)).toEqual(['lists/m120']);
    expect(models[0]).toMatchObject({
      id: 'fast',
      label: 'fast',
      description: 'refuses',
      provider: 'refuses',
      default: false,
      capabilities: ['chat', 'generate', 'stream', 'tools'],
      settings: {
        temperature: { type: 'number', minimum: 0, maximum: 2 },
        maxTokens: { type: 'integer', unit: 'tokens' },
      },
    });
  });

  it('keeps the key out of what is published and logged', async () => {
    await asked(relay);
    const rows = await relay.query<{ payload: unknown }>('SELECT payload FROM catalogues');
    expect(JSON.stringify(rows)).toContain('wrong key');
    const logged = await until('the log line', 5_000, async () => {
      const line = relay.workers[0]?.output() ?? '';
      return line.includes('a provider is unhealthy') && line.includes('"refuses"') && line;
    });
    expect(logged).toContain('Set a valid API key');
    for (const text of [JSON.stringify(rows), logged]) expect(text).not.toContain(KEY);
  });

  it('reads what an older worker publishes, beside the news of the others', async () => {
    const older = { defaultModel: 'old/one', providers: [{ id: 'old', name: 'Old', defaultModel: 'one' }] };
    await relay.query(`INSERT INTO catalogues (worker_id, payload, published_at) VALUES ('older', $1, now())`, [
      JSON.stringify({ ...older, providers: [...older.providers, { id: 'lists', name: 'Lists', defaultModel: 'm1' }] }),
    ]);
    const body = await until('the old provider is shown', 10_000, async () => {
      const { body: seen } = await ready(relay, '?deep=1');
      return seen.providers?.some(({ id }) => id === 'old') && seen;
    });
    expect(body.providers).toContainEqual({ id: 'old', ok: null });
    expect(body.providers).toContainEqual(expect.objectContaining({ id: 'lists', ok: true }));
    await relay.query(`DELETE FROM catalogues WHERE worker_id = 'older'`);
  });

  it('names each model that a worker has seen failing again and again, until it may be asked again', async () => {
    const [past, soon, late] = [-60_000, 600_000, 900_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const seen = {
      one: [breaker('m1', soon), breaker('m2', past), breaker('m3', late)],
      two: [breaker('m1', late), breaker('m3', soon)],
    };
    for (const [worker, openBreakers] of Object.entries(seen)) {
      await relay.query('INSERT INTO catalogues (worker_id, payload, published_at) VALUES ($1, $2, now())', [
        worker,
        JSON.stringify({ defaultModel: 'lists/m1', providers: [], openBreakers }),
      ]);
    }
    const { status, body } = await until('open circuit breakers are shown', 10_000, async () => {
      const answer = await ready(relay, '?deep=1');
      return answer.body.providers?.some((provider) => 'openBreakers' in provider) && answer;
    });
    await relay.query(`DELETE FROM catalogues WHERE worker_id IN ('one', 'two')`);
    expect([status, body.status]).toEqual([200, 'degraded']);
    const openBreakers = body.providers?.find(({ id }) => id === 'lists')?.['openBreakers'];
    expect(openBreakers).toHaveLength(2);
    expect(openBreakers).toEqual(
      expect.arrayContaining([
        { model: 'm1', openUntil: late },
        { model: 'm3', openUntil: late },
      ]),
    );
  });

  const rename = (from: string, to: string) =>
    relay.query(`UPDATE _prisma_migrations SET migration_name = ${to} WHERE migration_name = ${from}`);

  it('is not ready on the database of an older version, in words, and is on that of a newer one', async () => {
    const newest = `(SELECT max(migration_name) FROM _prisma_migrations)`;
    await rename(newest, `'99990101000000_of_a_newer_version'`);
    try {
      const old = await until('it is not ready', 5_000, async () => {
        const seen = await ready(relay);
        return seen.status === 503 && seen.body;
      });
      expect(old.checks['schema']).toBe('outdated');
      expect(old.problem).toBe(
        'The database lacks one migration of this version: apply the migrations with "npm run migrate".',
      );
      const [{ name }] = (await relay.query<{ name: string }>(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('again', '', $1, now())
         RETURNING migration_name AS name`,
        [NEWEST],
      )) as [{ name: string }];
      expect(name).toBe(NEWEST);
      await until('it is ready', 5_000, async () => (await ready(relay)).body.checks['schema'] === 'ok');
    } finally {
      await relay.query(`DELETE FROM _prisma_migrations WHERE id = 'again'`);
      await rename(`'99990101000000_of_a_newer_version'`, `'${NEWEST}'`);
    }
  });

  it('refuses requests in depth only, when no worker is alive', async () => {
    await Promise.all(relay.workers.map((worker) => worker.stop()));
    const deep = await until('no worker is seen', 10_000, async () => {
      const seen = await ready(relay, '?deep=1');
      return seen.status === 503 && seen;
    });
    expect([deep.status, deep.body.status, deep.body.checks['worker']]).toEqual([503, 'unavailable', 'unavailable']);
    expect(deep.body.providers).toEqual([]);
    expect((await ready(relay)).status).toBe(200);
  });

  it('says within five seconds that the last worker was killed, in the log and to those who wait', async () => {
    const timesSaid = (text: string) => (relay.apis[0]?.output() ?? '').split(`"${text}"`).length - 1;
    const before = await until('the log says that none is left', 8_000, async () => timesSaid('no worker is running'));
    const worker = await relay.startWorker();
    await until('the log says that one is back', 5_000, async () => timesSaid('a worker is running again') === before);
    await worker.kill('SIGKILL');
    const killedAt = performance.now();
    await until('the log says it again', 8_000, async () => timesSaid('no worker is running') > before);
    expect(performance.now() - killedAt).toBeLessThan(5_500);
    const words = new Set<unknown>();
    await post(relay.url, createThread('Anybody?'), {
      onEvents: (events, request) => {
        for (const event of events) if (event.type === 'progress_update') words.add(event['text']);
        if (words.size > 0) request.destroy();
      },
    }).catch(() => undefined);
    expect([...words]).toEqual([NOBODY]);
  });
});

it('tells the details to the developer of a server of their own', async ({ own }) => {
  const relay = own(await startRelay('postgres', { variables: { ...variables(), AUTH_MODE: 'none' } }));
  const { providers } = await asked(relay);
  const detail = providers?.find(({ id }) => id === 'refuses')?.['detail'];
  expect(detail).toContain('wrong key');
  expect(detail).not.toContain(KEY);
});

it('does not start on an empty database, and says what to do', async () => {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await pool.end();
  const { code, output } = await runApp('api', { DATABASE_URL: database.url, HOST: '127.0.0.1', PORT: '0' });
  await database.drop();
  expect(code).toBe(1);
  expect(output).toContain('The database is empty: apply the migrations with "npm run migrate".');
});
