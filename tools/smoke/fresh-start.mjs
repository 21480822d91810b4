import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {{ output(): string, ended(): boolean, pressCtrlC(): void }} Launcher */

/** What a bare machine needs besides Node and npm. No Redis, Postgres, git or compiler. */
const TOOLS = [
  'sh',
  'env',
  'node',
  'npm',
  'npx',
  'uname',
  'ps',
  'id',
  'cat',
  'ls',
  'mkdir',
  'rm',
  'chmod',
  'sed',
  'tr',
  'dirname',
  'basename',
];

/**
 * `npm start` in a session of its own, as a terminal would start it, with a PATH of links to TOOLS and nothing else.
 * @param {{ folder: string, project: string, user: import('./machine.mjs').User | undefined, port: number }} place
 * @returns {Launcher}
 */
export function startAsOnFreshMachine({ folder, project, user, port }) {
  const child = spawn(join(linkTools(folder), 'npm'), ['start'], {
    cwd: project,
    env: { ...environment(folder), TEST_RUN: folder, PORT: String(port) },
    uid: user?.uid,
    gid: user?.gid,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return {
    output: () => output,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    // A terminal sends it to the whole foreground group: npm, its shell and the launcher.
    pressCtrlC: () => process.kill(-Number(child.pid), 'SIGINT'),
  };
}

/**
 * Nothing of the current session, except for proxy variables, which some machines need to reach the registry.
 * @param {string} folder
 */
function environment(folder) {
  const allowed = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|npm_config_registry|npm_config_cafile|node_extra_ca_certs)$/i.test(name),
  );
  return {
    ...Object.fromEntries(allowed),
    PATH: join(folder, 'bin'),
    HOME: join(folder, 'home'),
    TERM: 'dumb',
    LANG: 'C.UTF-8',
  };
}

/** @param {string} folder */
function linkTools(folder) {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of TOOLS) {
    const original = name === 'node' ? process.execPath : onPath(name);
    if (original && !existsSync(join(bin, name))) symlinkSync(original, join(bin, name));
  }
  return bin;
}

/** @param {string} name */
const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
