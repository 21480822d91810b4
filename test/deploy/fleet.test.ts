import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../tools/engines/free-port.js';
import { createThread, doneItems, listItems, post, postJson, textOf, threadIdOf } from '../support/chat.js';
import { until, type WireItem } from '../support/chat.js';
import { createTestDatabase, type EngineKind, engineKinds, type TestDatabase } from '../support/engines.js';
import { type AppProcess, startApp } from '../support/processes.js';
import { loadCompose } from './support/compose.js';
import { baseEnvironment } from './support/machine.js';

const CHATS = 200;
const CONCURRENCY = 32;
const TOKENS = 20;
const EXPECTED = Array.from({ length: TOKENS }, (_, index) => `tok${index + 1} `)
  .join('')
  .trim();

const { services } = loadCompose(fileURLToPath(new URL('../..', import.meta.url)));

/** The Redis of the compose file, by its own command, on a free port and a folder of its own. */
async function startComposeRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const [file = '', ...args] = services['redis']?.command ?? [];
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'compose-redis-'));
  const child = spawn(file, [...args, '--bind', '127.0.0.1', '--port', String(port), '--dir', folder], {
    env: baseEnvironment,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const password = services['redis']?.environment?.['REDISCLI_AUTH'] ?? '';
  const client = new Redis(port, '127.0.0.1', { password, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  const [, policy] = await client.config('GET', 'maxmemory-policy');
  const [, pid] = /process_id:(\d+)/.exec(await client.info('server')) ?? [];
  client.disconnect();
  expect({ policy, pid: Number(pid) }).toEqual({ policy: 'noeviction', pid: child.pid });
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe.each(engineKinds)('two APIs and three workers with the compose environment on the %s engine', (engine) => {
  let database: TestDatabase;
  let redis: Awaited<ReturnType<typeof startComposeRedis>> | undefined;
  let pool: pg.Pool;
  let apis: AppProcess[] = [];
  let workers: AppProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = engine === 'redis' ? await startComposeRedis() : undefined;
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    const start = (app: 'api' | 'worker') => startApp(app, environmentOf(app, engine, database.url, redis?.url));
    apis = await Promise.all([start('api'), start('api')]);
    workers = await Promise.all([start('worker'), start('worker'), start('worker')]);
  });
  afterAll(async () => {
    await Promise.all([...apis, ...workers].map((app) => app.stop()));
    await redis?.stop();
    await pool.end();
    await database.drop();
  });

  it(`answer ${CHATS} chats, each exactly, in order, and stored once`, async () => {
    const threads: { threadId: string; number: number }[] = [];
    const wrong: string[] = [];
    const { rows: began } = await pool.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    await eachAtOnce(CHATS, async (number) => {
      const answer = await post(urlOf(number), createThread(`Chat ${number} (tokens=${TOKENS})`));
      const [item, ...others] = doneItems(answer.events, 'assistant_message');
      const isExact = answer.complete && others.length === 0 && textOf(item).trim() === EXPECTED;
      if (isExact) threads.push({ threadId: threadIdOf(answer), number });
      else wrong.push(`chat ${number}: ${answer.status} ${answer.raw.slice(0, 1_000)}`);
    });
    expect(wrong).toEqual([]);

    // Read back through the API that did not serve it.
    await eachAtOnce(CHATS, async (index) => {
      const { threadId, number } = threads[index] ?? { threadId: '', number: 0 };
      const { data } = await postJson<{ data: WireItem[] }>(urlOf(number + 1), listItems(threadId));
      const shown = data.map((item) => `${item.type}: ${textOf(item).trim()}`);
      const expected = [`user_message: Chat ${number} (tokens=${TOKENS})`, `assistant_message: ${EXPECTED}`];
      if (shown.join('|') !== expected.join('|')) wrong.push(`thread of chat ${number}: ${shown.join('|')}`);
    });
    expect(wrong).toEqual([]);

    const { rows } = await pool.query(
      `SELECT (SELECT count(*)::int FROM threads WHERE created_at >= $1) AS threads,
              (SELECT count(*)::int FROM items WHERE created_at >= $1) AS items,
              count(*)::int AS runs, count(*) FILTER (WHERE state = 'completed' AND attempt = 1)::int AS completed,
              count(DISTINCT worker_id)::int AS workers
       FROM runs WHERE created_at >= $1`,
      [began[0]?.at],
    );
    expect(rows[0]).toEqual({ threads: CHATS, items: 2 * CHATS, runs: CHATS, completed: CHATS, workers: 3 });
  }, 120_000);

  it('go on when one of each is asked to stop', async () => {
    const stopping = Promise.all([apis[0]?.stop(), workers[0]?.stop()]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => post(urlOf(1), createThread(`Still ${number} (tokens=${TOKENS})`))),
    );
    for (const { events } of answers) {
      expect(doneItems(events, 'assistant_message').map((item) => textOf(item).trim())).toEqual([EXPECTED]);
    }
    await stopping;
    await until('both have ended well', 1_000, async () =>
      [apis[0], workers[0]].every((app) => app?.child.exitCode === 0),
    );
  }, 60_000);

  const urlOf = (number: number): string => String(apis[number % 2]?.ready['url']);
});

const dataDir = mkdtempSync(join(tmpdir(), 'fleet-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** As the compose file gives it to a container; only where things are is another matter here. */
function environmentOf(app: 'api' | 'worker', engine: EngineKind, databaseUrl: string, redisUrl = '') {
  const { environment } = services[app] ?? {};
  const place = {
    DATABASE_URL: databaseUrl,
    DATABASE_PASSWORD: '',
    REDIS_URL: engine === 'redis' ? redisUrl : '',
    DATA_DIR: dataDir,
    // They share this machine's ports.
    WORKER_HEALTH_PORT: '',
    METRICS_PORT: '',
  };
  return { ...environment, NODE_ENV: 'production', ...place, HOST: '127.0.0.1', PORT: '0' };
}

async function eachAtOnce(count: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
}
