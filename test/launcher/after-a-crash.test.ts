import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { allGone, isAlive, Launcher, stopAllLaunchers } from './launcher.js';
import { Projects } from './project.js';

const projects = new Projects();
afterEach(stopAllLaunchers);
afterAll(() => projects.remove());

describe('after a crash', { timeout: 120_000 }, () => {
  it('a killed launcher takes its apps and its engines along, apps first', async () => {
    const project = projects.make('killed');
    const launcher = await (await Launcher.start(project)).ready();
    const pids = [...launcher.children().map(({ pid }) => pid), launcher.postmasterPid()];
    expect(pids).toHaveLength(4);
    launcher.kill('SIGKILL');
    await launcher.exitCode();
    expect(await allGone(pids)).toBe(true);
    expect(launcher.output).toContain('api: stopping on disconnect');
    expect(launcher.output).toContain('worker: stopped');
    expect(existsSync(join(project, '.data', 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('the next start waits for what a killed launcher left, on the same port and data', async () => {
    const project = projects.make('killed-and-started');
    const first = await (await Launcher.start(project)).ready();
    const postmaster = first.postmasterPid();
    first.kill('SIGKILL');
    const second = await (await Launcher.start(project, { env: { PORT: String(first.port) } })).ready();
    expect(isAlive(postmaster)).toBe(false);
    expect(second.output).not.toContain('Applying');
    expect(await second.stop()).toBe(0);
  });

  it('a Postgres that was left alone with the data is stopped and replaced', async () => {
    const project = projects.make('orphan');
    const first = await (await Launcher.start(project)).ready();
    const orphan = first.postmasterPid();
    process.kill(first.childPid('database keeper'), 'SIGKILL');
    first.kill('SIGKILL');
    await first.exitCode();
    expect(isAlive(orphan)).toBe(true);
    const second = await (await Launcher.start(project)).ready();
    expect(isAlive(orphan)).toBe(false);
    expect(second.postmasterPid()).not.toBe(orphan);
  });

  it.each([
    ['nobody', () => 4_194_300],
    ['a process of another kind', () => process.pid],
  ])('a postmaster.pid that names %s does not keep Postgres from starting', async (_, pid) => {
    const project = projects.make(`stale-${Math.random()}`);
    await (await (await Launcher.start(project)).ready()).stop();
    const cluster = join(project, '.data', 'postgres');
    const lines = [pid(), cluster, 1_700_000_000, 5_432, '', '127.0.0.1', '  9979414         9', 'ready   '];
    writeFileSync(join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`);
    expect(await (await (await Launcher.start(project)).ready()).stop()).toBe(0);
  });

  it('a lock that names a process of another kind, or nothing, is stale', async () => {
    const project = projects.make('stale-lock');
    const lock = join(project, '.data', 'launcher.json');
    for (const text of [JSON.stringify({ pid: process.pid, identity: 'another boot 1', children: [] }), '']) {
      await (await (await Launcher.start(project)).ready()).stop();
      writeFileSync(lock, text);
      expect(await (await (await Launcher.start(project)).ready()).stop()).toBe(0);
    }
  });

  it('a first start that was cut short while the database was made is done again', async () => {
    const project = projects.make('cut-short');
    const first = await Launcher.start(project);
    await first.says('Applying');
    first.pressCtrlC();
    expect(await first.exitCode()).toBe(0);
    await (await Launcher.start(project)).ready();
  });
});
