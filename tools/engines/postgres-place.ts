import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf, LauncherError } from './launcher-error.js';
import { engineVersion, type PostgresEngine, type RunAs } from './postgres-package.js';

/** Where Postgres lives and who runs it. */
export interface PostgresPlace {
  /** Holds `postgres` (the cluster), its password and its log. */
  folder: string;
  engine: PostgresEngine;
  version: string;
  /** Absent: the current user. */
  as?: RunAs;
}

/** Where data and engine go when the user that runs Postgres cannot reach the project: the first that can be created. */
const SYSTEM_HOMES = ['/var/lib/chatkit-relay', '/var/tmp/chatkit-relay-root'];

export const clusterOf = (folder: string): string => join(folder, 'postgres');

/**
 * Postgres refuses to run as root. Started by root it runs as another user, who must be able to reach the data and
 * the engine. Where that is not possible (a project in a private home folder), both get a folder elsewhere. The
 * permissions of the user's own folders are never changed.
 */
export function choosePlace(dataDir: string, engine: PostgresEngine, homes = SYSTEM_HOMES): PostgresPlace {
  if (process.getuid?.() !== 0) return { folder: dataDir, engine, version: versionOrFail(engine, undefined) };
  const apart = (as: RunAs): string => join(firstUsable(homes, as), shortHash(dataDir));
  const folder = [dataDir, ...homes.map((home) => join(home, shortHash(dataDir)))].find(hasReachableCluster);
  if (folder) return withEngine(folder, engine, ownerOf(clusterOf(folder)), homes);
  const as = serviceUser();
  return withEngine(canEnter(dataDir, as) ? dataDir : makeOpen(apart(as)), engine, as, homes);
}

function hasReachableCluster(folder: string): boolean {
  const cluster = clusterOf(folder);
  return existsSync(join(cluster, 'PG_VERSION')) && canEnter(cluster, ownerOf(cluster));
}

/** An existing cluster is run by its owner: Postgres accepts nobody else. */
function ownerOf(cluster: string): RunAs {
  const { uid, gid } = statSync(cluster);
  if (uid !== 0) return { uid, gid };
  throw new LauncherError(
    `${cluster} belongs to root, and Postgres does not run as root. Change its owner: chown -R postgres ${cluster}`,
  );
}

function withEngine(folder: string, engine: PostgresEngine, as: RunAs, homes: string[]): PostgresPlace {
  const version = engineVersion(engine, as);
  if (version) return { folder, engine, version, as };
  const copy = copyEngine(engine, firstUsable(homes, as));
  return { folder, engine: copy, version: versionOrFail(copy, as), as };
}

function versionOrFail(engine: PostgresEngine, as: RunAs | undefined): string {
  const version = engineVersion(engine, as);
  if (version) return version;
  throw new LauncherError(
    `The embedded Postgres in ${engine.folder} cannot be executed by this user. Set DATABASE_URL to use another Postgres.`,
  );
}

/** Renamed into place when complete, so that an interrupted copy is never mistaken for a whole one. */
function copyEngine(engine: PostgresEngine, home: string): PostgresEngine {
  const folder = join(home, `engine-${engine.release}-${process.arch}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    cpSync(engine.folder, draft, { recursive: true, verbatimSymlinks: true });
    renameUnlessThere(draft, folder);
  }
  return { ...engine, folder };
}

function renameUnlessThere(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Asks the system instead of reading mode bits: access lists and mount options count too. */
function canEnter(folder: string, as: RunAs): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...as, cwd: '/', stdio: 'ignore' }).status === 0;
}

function firstUsable(homes: string[], as: RunAs): string {
  const usable = homes.find((home) => attempt(() => makeOpen(home)) && canEnter(home, as));
  if (usable) return usable;
  throw new LauncherError(
    `Postgres does not run as root, and neither ${homes.join(' nor ')} can be used for another user's data. ` +
      'Start ChatKit Relay as an ordinary user, or set DATABASE_URL.',
  );
}

/** Creates a folder that we own and other users can enter, regardless of the umask. */
function makeOpen(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const stat = lstatSync(folder);
  // In a folder that is writable for everybody, another user may have created it first.
  if (!stat.isDirectory() || stat.uid !== process.getuid?.())
    throw new LauncherError(`${folder} belongs to another user. Remove it.`);
  chmodSync(folder, 0o711);
  return folder;
}

function serviceUser(): RunAs {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = ['postgres', 'nobody'].map((name) => entries.find(([known]) => known === name)).find(Boolean);
  if (!entry)
    throw new LauncherError(
      'Postgres does not run as root, and there is no user `postgres` or `nobody`. Start as an ordinary user.',
    );
  // The system may write an id as a negative number (nobody is -2 on macOS).
  return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
}

function attempt(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false; // the next candidate is tried
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
