import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ name: string, uid: number, gid: number }} User */

/**
 * Every process that was started with this text in its environment, of any user and in any process group.
 * @param {string} mark
 */
export function processesOf(mark) {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter(
    (pid) => pid !== process.pid && read(pid, 'environ').includes(mark) && read(pid, 'cmdline') !== '',
  );
}

/**
 * @param {number} pid
 * @param {string} file
 */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** @param {number} port */
export function portIsFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * @param {() => boolean} condition
 * @param {number} forMs
 */
export async function waitFor(condition, forMs) {
  for (const end = Date.now() + forMs; Date.now() < end; await sleep(100)) if (condition()) return true;
  return false;
}

/**
 * An account by its name.
 * @param {string} name
 */
export function lookUp(name) {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = entries.find(([known]) => known === name);
  if (!entry) throw new Error(`There is no user ${name}.`);
  return { name, uid: Number(entry[2]), gid: Number(entry[3]) };
}
