import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { codeOf } from './launcher-error.js';

/** How to start a server. Plain data, because it is sent to the keeper process. */
export interface ServerCommand {
  command: string;
  args: string[];
  cwd: string;
  logFile: string;
  /** Absent: the current user. */
  uid?: number;
  gid?: number;
  /** Written to its stdin, where a process list does not show it. */
  input?: string;
}

export function spawnServer({ command, args, cwd, logFile, uid, gid, input }: ServerCommand): ChildProcess {
  keepPreviousLog(logFile);
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(command, args, { cwd, uid, gid, env: serverEnvironment(), stdio: ['pipe', log, log] });
  closeSync(log);
  // A server that dies at once breaks the pipe; its exit code is more useful.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
  return child;
}

export function lastLinesOf(logFile: string, count = 8): string {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').slice(-count).join('\n');
  } catch (error) {
    return `(no log: ${codeOf(error)})`;
  }
}

/**
 * Our environment is not passed to the server (PGDATA, PGPORT … would configure it), and its messages stay in English.
 * A test run finds the processes that it left behind by TEST_RUN.
 */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, SystemRoot, TEST_RUN } = process.env;
  return { PATH, TMPDIR, SystemRoot, TEST_RUN, LC_ALL: 'C', LC_MESSAGES: 'C' };
}

function keepPreviousLog(logFile: string): void {
  try {
    renameSync(logFile, `${logFile}.1`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
