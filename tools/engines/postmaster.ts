import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from './launcher-error.js';
import { binary } from './postgres-package.js';
import { clusterOf, type PostgresPlace } from './postgres-place.js';
import type { ServerCommand } from './server-process.js';
import { isAlive, signalTo, waitUntilGone } from './wait.js';

const FAST_MS = 20_000;
const IMMEDIATE_MS = 5_000;

/** Test databases are temporary, so they need not survive a power cut. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export function postmasterCommand(place: PostgresPlace, port: number, careless: boolean): ServerCommand {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=300',
    // initdb writes the machine's zone into the configuration.
    'timezone=UTC',
    'log_timezone=UTC',
    ...(careless ? CARELESS : []),
  ];
  return {
    command: binary(place.engine, 'postgres'),
    args: ['-D', clusterOf(place.folder), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: clusterOf(place.folder),
    logFile: join(place.folder, 'postgres.log'),
    ...place.as,
  };
}

/** True when the postmaster's own file names this pid, so that no other server is mistaken for it. */
export function isPostmasterReady(cluster: string, pid: number): boolean {
  const file = readPidFile(cluster);
  return file?.pid === pid && file.status === 'ready';
}

/** Fast shutdown: sessions are ended and data is written. It is killed only if that does not end it. */
export async function stopPostmaster(pid: number): Promise<void> {
  const steps = [
    ['SIGINT', FAST_MS],
    ['SIGQUIT', IMMEDIATE_MS],
    ['SIGKILL', IMMEDIATE_MS],
  ] as const;
  for (const [signal, patience] of steps) {
    if (!isAlive(pid)) return;
    signalTo(pid, signal);
    if (await waitUntilGone([pid], patience)) return;
  }
}

/**
 * Cleans up after an earlier launcher that was killed together with its keeper. A postmaster that still serves this
 * folder is stopped. A file that names an unrelated process (the pid was reused) would keep Postgres from starting and
 * is removed. A file whose process does not exist is left to Postgres.
 */
export async function clearLeftovers(cluster: string): Promise<void> {
  const left = readPidFile(cluster);
  if (!left || !isAlive(left.pid)) return;
  const command = commandLineOf(left.pid);
  if (command === undefined) return; // unknown: Postgres decides and logs it
  if (command.includes(cluster)) await stopPostmaster(left.pid);
  else rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

interface PidFile {
  pid: number;
  status: string | undefined;
}

function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, status: lines[7]?.trim() } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function commandLineOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined; // it has ended, or this system does not show it
  }
}
