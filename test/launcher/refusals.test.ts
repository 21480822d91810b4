import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../tools/engines/free-port.js';
import { Launcher, stopAllLaunchers } from './launcher.js';
import { Projects } from './project.js';

const projects = new Projects();
const servers: Server[] = [];
afterEach(stopAllLaunchers);
afterAll(() => {
  for (const server of servers) server.close();
  projects.remove();
});

async function takenPort(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

describe('npm start refuses', { timeout: 120_000 }, () => {
  it('a port that is taken: names the port and PORT, starts nothing', async () => {
    const port = await takenPort();
    const project = projects.make('port');
    const launcher = await Launcher.start(project, { env: { PORT: String(port) } });
    expect(await launcher.exitCode()).toBe(1);
    expect(launcher.output).toContain(`Port ${port} on 127.0.0.1 is taken by another program. Set PORT to a free one`);
    expect(existsSync(join(project, '.data', 'postgres'))).toBe(false);
    expect(existsSync(join(project, '.data', 'launcher.json'))).toBe(false);
  });

  it('a second start in the same folder: names the URL of the first, which runs on', async () => {
    const project = projects.make('twice');
    const first = await (await Launcher.start(project)).ready();
    const second = await Launcher.start(project);
    expect(await second.exitCode(10_000)).toBe(1);
    expect(second.output).toContain(
      `ChatKit Relay is already running here: http://127.0.0.1:${first.port} (process ${first.pid}`,
    );
    expect(first.ended).toBe(false);
    expect((await first.apiEnvironment()).PORT).toBe(String(first.port));
    expect(await first.stop()).toBe(0);
  });

  it('of two starts at the same moment, one', async () => {
    const project = projects.make('at-once');
    const both = await Promise.all([Launcher.start(project), Launcher.start(project)]);
    const loser = await Promise.race(both.map(async (launcher) => (await launcher.exitCode(), launcher)));
    expect(loser.output).toMatch(/already (running|being started) here/);
    await both.find((launcher) => launcher !== loser)?.ready();
  });

  it.each([
    [
      'DATABASE_URL',
      'postgresql://someone:secret-word@127.0.0.1:9/db',
      'Postgres at 127.0.0.1:9 cannot be used: connect ECONNREFUSED',
    ],
    ['REDIS_URL', 'redis://:secret-word@127.0.0.1:9', 'Redis at 127.0.0.1:9 cannot be used: connect ECONNREFUSED'],
    ['DATABASE_URL', 'secret-word', 'is not a URL. It looks like postgresql://'],
    ['REDIS_URL', 'secret-word', 'is not a URL. It looks like redis://'],
  ])('an unusable %s (%s), without a word of what is secret in it', async (variable, url, reason) => {
    const project = projects.make(`unusable-${Math.random()}`);
    const launcher = await Launcher.start(project, { env: { [variable]: url } });
    expect(await launcher.exitCode()).toBe(1);
    expect(launcher.output).toContain(variable);
    expect(launcher.output).toContain(reason);
    expect(launcher.output).not.toContain('secret-word');
    expect(existsSync(join(project, '.data', 'postgres'))).toBe(false);
  });
});
