import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, LauncherError } from './launcher-error.js';
import { binary } from './postgres-package.js';
import { clusterOf, type PostgresPlace } from './postgres-place.js';

export const SUPERUSER = 'chatkit';

const INITDB_ARGS = ['--username', SUPERUSER, '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
/** Sorts and changes case the same way on every system, without the system's locales. */
const LOCALE_ARGS = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
const DRAFT = 'postgres.new-';

/** Creates the database cluster on the first start; returns its superuser's password. */
export async function ensureCluster(place: PostgresPlace): Promise<string> {
  const passwordFile = join(place.folder, 'postgres.password');
  if (existsSync(join(clusterOf(place.folder), 'PG_VERSION'))) {
    checkRelease(place);
    return readPassword(passwordFile);
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  await initialise(place, password);
  return password;
}

/** Creates a draft and renames it when complete: an interrupted first start leaves nothing that looks like a database. */
async function initialise(place: PostgresPlace, password: string): Promise<void> {
  removeDrafts(place.folder);
  const draft = join(place.folder, `${DRAFT}${process.pid}`);
  const passwordFile = join(draft, 'password');
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.as) for (const path of [draft, passwordFile]) chownSync(path, place.as.uid, place.as.gid);
  await initdb(place, ['-D', join(draft, 'cluster'), `--pwfile=${passwordFile}`]);
  renameSync(join(draft, 'cluster'), clusterOf(place.folder));
  rmSync(draft, { recursive: true });
}

async function initdb(place: PostgresPlace, args: string[]): Promise<void> {
  try {
    const env = { PATH: process.env.PATH, LC_ALL: 'C' };
    await promisify(execFile)(binary(place.engine, 'initdb'), [...INITDB_ARGS, ...LOCALE_ARGS, ...args], {
      ...place.as,
      cwd: '/',
      env,
    });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new LauncherError(`Postgres could not create its database in ${place.folder} (initdb):\n${output}`);
  }
}

function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(DRAFT)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function checkRelease({ folder, version }: PostgresPlace): void {
  const cluster = clusterOf(folder);
  const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (major === version.split('.')[0]) return;
  throw new LauncherError(
    `The data in ${cluster} was written by Postgres ${major}; the embedded one is ${version}. Move the folder away to ` +
      `start with an empty database, or set DATABASE_URL to a Postgres ${major} that serves it.`,
  );
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'is missing' : `cannot be read (${codeOf(error)})`;
    throw new LauncherError(
      `The database's password file ${file} ${reason}. Restore it, or move the folder away to start with an empty database.`,
    );
  }
}
