import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { type CliResult, prisma } from '../../tools/launcher/migrate.js';
import { tell } from '../chaos/support/figures.js';
import { type Fleet, startFleet } from '../chaos/support/fleet.js';
import { wishText } from '../chaos/support/numbered-provider.js';
import { audit, flawless, type Turn } from '../chaos/support/turns.js';
import { createThread, post, until } from '../support/chat.js';
import { isCi } from '../support/chromium.js';
import { engineKinds } from '../support/engines.js';
import { type Nginx, nginxMissing, startNginx } from '../support/nginx.js';
import { it, type Own } from '../support/own.js';
import { type AppProcess, startApp } from '../support/processes.js';
import { makeNextVersion, type NextVersion } from './support/next-version.js';

/** Production has Redis. */
const engine = engineKinds.includes('redis') ? 'redis' : 'postgres';
const CLIENTS = 4;
/** About as long as the whole upgrade: it goes on through the change of the API and of the worker that serve it. */
const LONG = { tokens: 250, delay: 100 };
const SHORT = { tokens: 20, delay: 20 };
/** Longer than the answers that are under way; a process ends earlier when it has nothing left. */
const GRACE_SECONDS = '60';
/** For requests that nginx had read before the reload. */
const SETTLE_MS = 1_000;

it('nginx is there where a machine promises it (CI=true)', () => {
  expect(isCi ? nginxMissing : '').toBe('');
});

/** What this test does, as people type it. */
const STEPS = [
  'npm ci --include=dev && npm run migrate',
  'PORT=8010 npm run start:api &',
  '/health/ready',
  'chatkit-relay/apis.conf',
  'nginx -t && nginx -s reload',
  'stop the old APIs with `SIGTERM`',
  'Start the new workers, then stop the old ones with `SIGTERM`',
];
const WITH_COMPOSE = 'docker compose build && docker compose run --rm migrate && docker compose up -d --wait';
const RESOLVE = [
  'npx prisma migrate resolve --rolled-back',
  'docker compose run --rm migrate node node_modules/prisma/build/index.js migrate resolve --rolled-back',
];

it('docs/deploy.md has the commands, in this order', () => {
  const [, upgrade = ''] = readFileSync('docs/deploy.md', 'utf8').split('\n## Upgrade\n');
  const places = [...STEPS, WITH_COMPOSE, ...RESOLVE].map((command) => [command, upgrade.indexOf(command)] as const);
  expect(places.filter(([, at]) => at === -1)).toEqual([]);
  expect(places).toEqual(places.toSorted(([, one], [, other]) => one - other));
  // The command of the image's migration.
  expect(readFileSync('Dockerfile', 'utf8')).toContain(
    'CMD ["node", "node_modules/prisma/build/index.js", "migrate", "deploy"]',
  );
});

const urlOf = (app: AppProcess): string => String(app.ready['url']);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One turn on a connection of its own, as of another person. */
async function send(base: string, wish: { id: string; tokens: number; delay: number }): Promise<Turn> {
  const options = { user: `user-${wish.id}`, headers: { connection: 'close' } };
  return { wish, answer: await post(base, createThread(wishText(wish)), options).catch(() => undefined) };
}

/** Sends one turn after the other until it is told to stop. */
function keepSending(base: string): { stop(): Promise<Turn[]> } {
  const over = new AbortController();
  const client = async (): Promise<Turn[]> => {
    const turns: Turn[] = [];
    while (!over.signal.aborted) turns.push(await send(base, { id: randomUUID(), ...SHORT }));
    return turns;
  };
  const clients = Array.from({ length: CLIENTS }, client);
  return {
    async stop() {
      over.abort();
      return (await Promise.all(clients)).flat();
    },
  };
}

const MIGRATION = '20991231235959_next';
const TIMEOUTS = `SET lock_timeout = '5s';\nSET statement_timeout = '61s';\n`;

const migrate = (next: NextVersion, fleet: Fleet, ...args: string[]): Promise<CliResult> =>
  prisma(next.root, ['migrate', ...args], String(fleet.variables['DATABASE_URL']));

/** The steps of docs/deploy.md, "Upgrade", after the migration. */
async function switchOver(own: Own, fleet: Fleet, nginx: Nginx, { root }: NextVersion): Promise<AppProcess[]> {
  const old = [...fleet.apis, ...fleet.workers].map(({ app }) => app);
  const start = async (app: 'api' | 'worker'): Promise<AppProcess> => own(await startApp(app, fleet.variables, root));
  const apis = await Promise.all([start('api'), start('api')]);
  for (const api of apis)
    await until('it is ready', 30_000, async () => (await fetch(`${urlOf(api)}/health/ready`)).ok);
  nginx.leadTo(apis.map(urlOf));
  await until('nginx leads to the new ones', 30_000, async () => {
    const id = randomUUID();
    await post(nginx.url, '{}', { headers: { 'x-request-id': id, connection: 'close' } });
    return apis.some((api) => api.output().includes(id));
  });
  await pause(SETTLE_MS);
  await Promise.all(fleet.apis.map(({ app }) => app.kill('SIGTERM')));
  const worker = await start('worker');
  await Promise.all(fleet.workers.map(({ app }) => app.kill('SIGTERM')));
  [...apis, worker].forEach((app, index) => Object.assign(fleet.everyMember()[index] ?? {}, { app }));
  return old;
}

describe.runIf(!nginxMissing)(`an upgrade as it is documented (${nginxMissing || 'not skipped'})`, () => {
  it('loses no turn, and no request fails', async ({ own }) => {
    // Before the fleet: its wires to Redis run in this process, which a copy of thousands of files holds up for seconds.
    const next = own(makeNextVersion());
    const fleet = own(
      await startFleet(engine, { apis: 2, workers: 1, variables: { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS } }),
    );
    const nginx = own(await startNginx(fleet.apis.map(({ app }) => urlOf(app))));
    const long = send(nginx.url, { id: 'under-way', ...LONG });
    const clients = keepSending(nginx.url);
    const startedAt = performance.now();
    next.write(MIGRATION, `${TIMEOUTS}ALTER TABLE "threads" ADD COLUMN "place" TEXT;\n`);
    next.write(
      `${MIGRATION}_after`,
      `CREATE TABLE "seen" AS SELECT current_setting('statement_timeout') AS "timeout";\n`,
    );
    expect(await migrate(next, fleet, 'deploy')).toMatchObject({ code: 0 });
    const old = await switchOver(own, fleet, nginx, next);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const turns = [await long, ...(await clients.stop())];
    const result = await audit(fleet, turns);
    const [handedOver] = await fleet.query<{ count: number }>('SELECT count(*)::int FROM runs WHERE fence > 1');
    tell(`an upgrade (${engine})`, { ...result, seconds, 'handed over': handedOver?.count ?? 0 });
    const broken = turns.filter(({ answer }) => answer?.status !== 200 || !answer.complete);
    expect(broken.map(({ wish, answer }) => [wish.id, answer?.status, answer?.raw.slice(-200)])).toEqual([]);
    expect(result).toEqual(flawless(turns.length));
    expect(handedOver?.count).toBe(0);
    expect(
      await fleet.query(
        `SELECT 1 FROM information_schema.columns WHERE table_name = 'threads' AND column_name = 'place'`,
      ),
    ).toHaveLength(1);
    // What one migration has set for itself does not reach the next: an index may take longer.
    expect(await fleet.query('SELECT timeout FROM seen')).toEqual([{ timeout: '0' }]);
    expect(old.map(({ child }) => child.exitCode)).toEqual([0, 0, 0]);
  }, 240_000);

  it('whose migration fails leaves the version before as it was, says why, and goes on when the cause is gone', async ({
    own,
  }) => {
    const fleet = own(await startFleet('postgres', { apis: 1, workers: 1 }));
    const next = own(makeNextVersion());
    const [before] = fleet.apis;

    next.write(MIGRATION, 'ALTER TABLE "threads" ADD COLUMN "half_done" TEXT;\nSELECT 1 / 0;\n');
    const failure = await migrate(next, fleet, 'deploy');
    expect(failure).toMatchObject({ code: 1, output: expect.stringContaining('division by zero') });
    expect(await fleet.query(`SELECT 1 FROM information_schema.columns WHERE column_name = 'half_done'`)).toEqual([]);
    expect((await fetch(`${fleet.url()}/health/ready`)).status).toBe(200);
    expect((await send(fleet.url(), { id: 'old', ...SHORT })).answer).toMatchObject({ status: 200, complete: true });

    const after = own(await startApp('api', fleet.variables, next.root));
    const look = async () =>
      (await fetch(`${urlOf(after)}/health/ready`)).json() as Promise<{ status: string; problem?: string }>;
    const { status, problem = '' } = await look();
    expect(status).toBe('unavailable');
    for (const command of RESOLVE) expect(problem).toContain(`${command} ${MIGRATION}`);

    // Alone in its file, since Postgres refuses it in a transaction.
    next.write(MIGRATION, 'CREATE INDEX CONCURRENTLY "threads_by_title" ON "threads" ("title");\n');
    expect((await migrate(next, fleet, 'resolve', '--rolled-back', MIGRATION)).code).toBe(0);
    expect((await migrate(next, fleet, 'deploy')).code).toBe(0);
    await until('the new one is ready', 10_000, async () => (await look()).status === 'ok');
    const valid = await fleet.query(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'threads_by_title'::regclass`);
    expect(valid).toEqual([{ indisvalid: true }]);
    // The way back: the version before starts on the database of the one after it.
    await before?.replace();
    await until('the old one is ready', 10_000, async () => (await fetch(`${fleet.url()}/health/ready`)).ok);
    expect((await send(fleet.url(), { id: 'back', ...SHORT })).answer).toMatchObject({ status: 200, complete: true });
  }, 180_000);
});
