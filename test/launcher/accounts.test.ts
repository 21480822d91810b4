import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Launcher, stopAllLaunchers } from './launcher.js';
import { Projects } from './project.js';

/** Where the launcher puts what another user must reach, when the project cannot be reached. */
const SYSTEM_HOME = '/var/lib/chatkit-relay';
const NOBODY = { uid: 65_534, gid: 65_534 };

const projects = new Projects();
const before = existsSync(SYSTEM_HOME) ? readdirSync(SYSTEM_HOME) : undefined;
afterEach(stopAllLaunchers);
afterAll(() => {
  projects.remove();
  removeWhatCame();
});

function removeWhatCame(): void {
  if (!before) return rmSync(SYSTEM_HOME, { recursive: true, force: true });
  for (const name of readdirSync(SYSTEM_HOME)) {
    if (!before.includes(name)) rmSync(join(SYSTEM_HOME, name), { recursive: true });
  }
}

describe.runIf(process.getuid?.() === 0)('started by root', { timeout: 120_000 }, () => {
  it('runs Postgres as another user, with the data in DATA_DIR', async () => {
    const project = projects.make('by-root');
    const launcher = await (await Launcher.start(project)).ready();
    const { uid } = statSync(join(project, '.data', 'postgres'));
    expect(uid).not.toBe(0);
    expect(statSync(`/proc/${launcher.postmasterPid()}`).uid).toBe(uid);
  });

  it('under a closed home: keeps the data elsewhere, tells where, and opens nothing up', async () => {
    mkdirSync(projects.path('closed'), { mode: 0o700 });
    const project = projects.make('closed/project');
    const first = await (await Launcher.start(project)).ready();
    const [, place = ''] = /Data .*, (\/var\/lib\/chatkit-relay\/[0-9a-f]{12})$/m.exec(first.output) ?? [];
    expect(existsSync(join(place, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(statSync(dirname(project)).mode & 0o777).toBe(0o700);
    await first.stop();

    // Once there, the data stays there, also when the home is opened.
    chmodSync(dirname(project), 0o755);
    const second = await (await Launcher.start(project)).ready();
    expect(second.output).toContain(place);
    expect(second.output).not.toContain('Applying');
  });

  it('an ordinary user runs everything as itself; root goes on with that data as its owner', async () => {
    const project = projects.make('by-nobody');
    execFileSync('chown', ['-R', '-h', `${NOBODY.uid}:${NOBODY.gid}`, project]);
    const launcher = await (await Launcher.start(project, { as: NOBODY })).ready();
    expect(statSync(join(project, '.data', 'postgres')).uid).toBe(NOBODY.uid);
    expect(await launcher.stop()).toBe(0);

    const byRoot = await (await Launcher.start(project)).ready();
    expect(byRoot.output).not.toContain('Applying');
    expect(statSync(`/proc/${byRoot.postmasterPid()}`).uid).toBe(NOBODY.uid);
  });
});
