import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Distinguishes a process from a later one with the same pid: its start time, where the system shows it.
 * @param {number} pid
 * @returns {string | undefined} undefined: no such process
 */
export function processIdentity(pid) {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return linuxIdentity(pid);
  return process.platform === 'win32' ? 'alive' : psIdentity(pid);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // it exists and belongs to another user
  }
}

/** @param {number} pid */
function linuxIdentity(pid) {
  const boot = readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim();
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  // The name (second field) may hold spaces and brackets; what follows the last bracket does not.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z') return undefined; // a zombie has ended; its exit code has not been read
  return `${boot} ${fields[19]}`;
}

/** @param {number} pid */
function psIdentity(pid) {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // ps fails for a process that is gone
  }
}

/** @param {string} path */
function readOrUndefined(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // the process has ended
  }
}
