import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isInstalled } from '../../tools/setup/install.mjs';
import { Launcher, stopAllLaunchers } from './launcher.js';
import { Projects } from './project.js';

const projects = new Projects();
const servers: Server[] = [];
afterEach(stopAllLaunchers);
afterAll(() => {
  for (const server of servers) server.close();
  projects.remove();
});

/** Takes connections and never answers, as a network does that drops packets. */
async function silentRegistry(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

describe('installing', { timeout: 60_000 }, () => {
  it.each([
    ['refuses connections', () => Promise.resolve('http://127.0.0.1:9/')],
    ['never answers', silentRegistry],
  ])('says within 20 s that there is no network when the registry %s', async (_, registry) => {
    const project = projects.makeBare(`bare-${Math.random()}`);
    const env = { npm_config_registry: await registry(), npm_config_cache: projects.path('empty-cache') };
    const launcher = await Launcher.start(project, { env });
    expect(await launcher.exitCode(20_000)).toBe(1);
    expect(launcher.output).toContain('The dependencies are not installed, and there is no network');
  });
});

const entry = (version: string, more = {}): object => ({ version, integrity: `sha-${version}`, ...more });

describe('isInstalled', () => {
  const wanted = {
    '': { name: 'x' },
    'node_modules/a': entry('1.0.0'),
    'node_modules/b': entry('1.0.0', { optional: true }),
  };

  it.each([
    ['exactly what is wanted', { 'node_modules/a': entry('1.0.0'), 'node_modules/b': entry('1.0.0') }, true],
    ['no optional package', { 'node_modules/a': entry('1.0.0') }, true],
    ['a package too few', { 'node_modules/b': entry('1.0.0') }, false],
    ['an older version', { 'node_modules/a': entry('0.9.0') }, false],
    [
      'an optional package of another version',
      { 'node_modules/a': entry('1.0.0'), 'node_modules/b': entry('0.9.0') },
      false,
    ],
    ['nothing', undefined, false],
  ])('node_modules with %s', (name, installed, answer) => {
    const folder = projects.path(`locks ${name}`);
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    if (installed)
      writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    expect(isInstalled(folder)).toBe(answer);
  });
});
