import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase, testRedisUrl } from '../support/engines.js';
import { redisFolder, fakeServerFolder } from './servers.js';
import { allGone, Launcher, stopAllLaunchers, until } from './launcher.js';
import { Projects } from './project.js';

const projects = new Projects();
afterEach(stopAllLaunchers);
afterAll(() => projects.remove());

describe('npm start', { timeout: 120_000 }, () => {
  it('starts Postgres, migrates and runs both apps, in a path with a space; stops in order; keeps the data', async () => {
    const project = projects.make('a path with a space');
    const launcher = await (await Launcher.start(project)).ready();
    expect(launcher.output).toMatch(/Applying (one migration|\d+ migrations)/);
    expect(launcher.output).toMatch(/Engines\s+Postgres 18\.\d+ \(embedded\), no Redis \(Postgres is used instead\)/);
    expect(launcher.output).toMatch(/Providers\s+demo \(answers come from demo\/echo\)/);
    expect(launcher.output).toContain(join(project, '.data'));
    const env = await launcher.apiEnvironment();
    expect(env.DATABASE_URL).toMatch(/^postgresql:\/\/chatkit:.+@127\.0\.0\.1:\d+\/chatkit_relay$/);
    expect(env.REDIS_URL).toBeUndefined();
    const pids = [...launcher.children().map(({ pid }) => pid), launcher.postmasterPid()];

    launcher.pressCtrlC();
    expect(await launcher.exitCode()).toBe(0);
    const order = ['api: stopping on SIGTERM', 'api: stopped', 'worker: stopping on SIGTERM', 'worker: stopped'];
    expect(order.map((line) => launcher.output.indexOf(line))).toEqual(
      order.map((line) => launcher.output.lastIndexOf(line)).toSorted((a, b) => a - b),
    );
    expect(order.every((line) => launcher.output.includes(line))).toBe(true);
    expect(readFileSync(join(project, '.data', 'postgres.log'), 'utf8')).toContain('database system is shut down');
    expect(await allGone(pids, 5_000)).toBe(true);
    expect(existsSync(join(project, '.data', 'launcher.json'))).toBe(false);
    expect(statSync(join(project, '.data', 'postgres.password')).mode & 0o777).toBe(0o600);

    const again = await (await Launcher.start(project)).ready();
    expect(again.output).not.toContain('Applying');
  });

  it.skipIf(!redisFolder())('runs a private Redis, whose password is in no process list', async () => {
    const launcher = await (await Launcher.start(projects.make('redis'), { pathBefore: redisFolder() })).ready();
    expect(launcher.output).toMatch(/(Redis|Valkey) \d+\.\d+\.\d+ \(private\)/);
    const url = new URL((await launcher.apiEnvironment()).REDIS_URL ?? '');
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.password).toMatch(/^[0-9a-f]{48}$/);
  });

  it('leaves a Redis alone that is too old, and says so', async () => {
    const pathBefore = fakeServerFolder(projects.path('old-redis'), 'Redis server v=5.0.7 sha=00000000:0');
    const launcher = await (await Launcher.start(projects.make('with-old-redis'), { pathBefore })).ready();
    expect(launcher.output).toContain('Redis 5.0.7 on PATH is older than 7.0');
    expect((await launcher.apiEnvironment()).REDIS_URL).toBeUndefined();
  });

  it('uses the engines that are configured, and starts none', async () => {
    const database = await createTestDatabase();
    const project = projects.make('configured');
    const env = { DATABASE_URL: database.url, ...(testRedisUrl() && { REDIS_URL: testRedisUrl() }) };
    const launcher = await (await Launcher.start(project, { env })).ready();
    expect(launcher.output).toMatch(/Postgres \d+\.\d+ \(DATABASE_URL\)/);
    expect(await launcher.apiEnvironment()).toMatchObject(env);
    expect(
      launcher
        .children()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['API', 'worker']);
    await launcher.stop();
    expect(existsSync(join(project, '.data', 'postgres'))).toBe(false);
    await database.drop();
  });

  it('kills an app that does not end, and at once on a second Ctrl-C', async () => {
    const launcher = await (
      await Launcher.start(projects.make('lingering'), { env: { STUB_API_LINGERS: '1' } })
    ).ready();
    const pids = [...launcher.children().map(({ pid }) => pid), launcher.postmasterPid()];
    launcher.pressCtrlC();
    await launcher.says('api: stopping on SIGTERM');
    await until(() => false, 1_000);
    launcher.pressCtrlC();
    expect(await launcher.exitCode(6_000)).toBe(0);
    expect(await allGone(pids, 5_000)).toBe(true);
  });

  it('stops everything when npm has ended the shell in which it runs', async () => {
    const launcher = await (await Launcher.start(projects.make('in-a-shell'), { inShell: true })).ready();
    const pids = [...launcher.children().map(({ pid }) => pid), launcher.postmasterPid()];
    launcher.kill('SIGTERM');
    expect(await allGone(pids, 20_000)).toBe(true);
    for (const line of ['api: stopped', 'worker: stopped']) expect(launcher.output).toContain(line);
  });

  it('says what a stop waits for, until when, and how not to wait', async () => {
    const launcher = await (
      await Launcher.start(projects.make('waiting'), {
        env: { STUB_API_LINGERS: '1', STUB_API_WAITS: '2 open streams' },
      })
    ).ready();
    const pids = launcher.children().map(({ pid }) => pid);
    launcher.pressCtrlC();
    await launcher.says(/Waiting for 2 open streams, until \d.* at the latest\. Ctrl-C again ends it at once\./);
    await until(() => false, 1_000);
    launcher.pressCtrlC();
    expect(await launcher.exitCode(6_000)).toBe(0);
    expect(await allGone(pids, 5_000)).toBe(true);
  });

  it('starts an app again that died', async () => {
    const launcher = await (await Launcher.start(projects.make('dying'))).ready();
    const first = launcher.childPid('worker');
    process.kill(first, 'SIGKILL');
    await launcher.says('The worker ended unexpectedly (SIGKILL). Starting it again');
    expect(await until(() => ![0, first].includes(launcher.childPid('worker')))).toBe(true);
  });

  it('gives up on an app that dies again and again', async () => {
    const launcher = await Launcher.start(projects.make('hopeless'), { env: { STUB_WORKER_DIES: '1' } });
    expect(await launcher.exitCode()).toBe(1);
    expect(launcher.output).toContain(
      'The worker ended 5 times in a row soon after its start (exit code 3): giving up.',
    );
  });

  it('ends at once when an app says that its configuration is wrong', async () => {
    const project = projects.make('misconfigured');
    const launcher = await Launcher.start(project, { env: { STUB_API_EXIT: project } });
    expect(await launcher.exitCode()).toBe(78);
    expect(launcher.output).toContain('api: this configuration cannot be used');
    expect(launcher.output).toContain('The API does not start with this configuration');
    expect(launcher.output).not.toContain('Starting it again');
  });

  it('ends when Postgres dies under it, naming the log', async () => {
    const launcher = await (await Launcher.start(projects.make('no-postgres'))).ready();
    process.kill(launcher.postmasterPid(), 'SIGKILL');
    expect(await launcher.exitCode()).toBe(1);
    expect(launcher.output).toMatch(/Postgres ended unexpectedly: see .*postgres\.log/);
  });
});

describe('npm run dev', { timeout: 120_000 }, () => {
  it('builds and starts the apps again after an edit, and survives one that does not compile', async () => {
    const project = projects.make('watched');
    const launcher = await (await Launcher.start(project, { args: ['--watch'] })).ready();
    const source = join(project, 'apps/worker/src/main.ts');
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, `${text}\nconst broken: number = 'text';\n`);
    await launcher.says('The build failed');
    writeFileSync(source, text.replace("'first'", "'second'"));
    await launcher.says('worker: second build');
    writeFileSync(source, 'process.exit(78);');
    await launcher.says('Waiting for a change.');
    writeFileSync(source, text.replace("'first'", "'third'"));
    await launcher.says('worker: third build');
    expect(await launcher.stop()).toBe(0);
  });
});

describe('npm run migrate', { timeout: 120_000 }, () => {
  it('migrates the embedded database and exits', async () => {
    const project = projects.make('migrated');
    const first = await Launcher.start(project, { script: 'tools/migrate.mjs' });
    expect(await first.exitCode()).toBe(0);
    expect(first.output).toMatch(/Applying (one migration|\d+ migrations)/);
    const second = await Launcher.start(project, { script: 'tools/migrate.mjs' });
    expect(await second.exitCode()).toBe(0);
    expect(second.output).toBe('The database is up to date.\n');
  });
});
