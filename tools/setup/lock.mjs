import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from './setup-error.mjs';
import { processIdentity } from './process-identity.mjs';

const SETTLE_MS = 20_000;

/** @typedef {{ name: string, pid: number, identity: string }} Child */
/** @typedef {{ pid: number, identity: string | undefined, url: string | undefined, children: Child[] }} Held */

/**
 * One launcher per data folder. The file names this process and, later, its URL and its children; a file whose process
 * is gone is stale: its children are given time to end (they do when their launcher has ended).
 * @param {string} folder
 * @param {(line: string) => void} say
 */
export async function takeLock(folder, say) {
  makeFolder(folder);
  const file = join(folder, 'launcher.json');
  for (;;) {
    if (create(file, describeSelf())) return new Lock(file);
    const held = await readHeld(file);
    if (held && isRunning(held)) throw new SetupError(alreadyRunning(held, folder));
    await settleChildren(held?.children ?? [], say);
    removeStale(file, held);
  }
}

class Lock {
  #file;
  #state = describeSelf();

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
  }

  /**
   * The URL that a second start in this folder prints.
   * @param {string} url
   */
  setUrl(url) {
    this.#write({ url });
  }

  /**
   * Children are recorded, so that the next start can wait for them if this process is killed.
   * @param {string} name
   * @param {number} pid
   */
  addChild(name, pid) {
    const identity = processIdentity(pid);
    const others = this.#state.children.filter((child) => processIdentity(child.pid) === child.identity);
    if (identity) this.#write({ children: [...others, { name, pid, identity }] });
  }

  release() {
    rmSync(this.#file, { force: true });
  }

  /** @param {Partial<Held>} change */
  #write(change) {
    this.#state = { ...this.#state, ...change };
    const draft = `${this.#file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(this.#state), { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

/** @returns {Held} */
const describeSelf = () => ({ pid: process.pid, identity: processIdentity(process.pid), url: undefined, children: [] });

/** @param {{ pid: number, identity: string | undefined }} process */
const isRunning = ({ pid, identity }) => processIdentity(pid) === identity;

/** @param {string} folder */
function makeFolder(folder) {
  try {
    // Others may enter (the database may have to run as another user) but not list the contents.
    mkdirSync(folder, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new SetupError(
      `The data folder ${folder} cannot be created (${error.code}). Set DATA_DIR to a folder you may write to.`,
    );
  }
}

/**
 * @param {string} file
 * @param {Held} state
 */
function create(file, state) {
  try {
    writeFileSync(file, JSON.stringify(state), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new SetupError(`${file} cannot be written (${error.code}). Set DATA_DIR to a folder you may write to.`);
  }
}

/**
 * An empty file is being written right now, or its writer died while writing it.
 * @param {string} file
 */
async function readHeld(file) {
  for (let tries = 0; tries < 10; tries += 1) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      if (!(error instanceof SyntaxError)) throw notReadable(file, error);
    }
    await sleep(100);
  }
  return undefined;
}

/**
 * @param {string} file
 * @param {NodeJS.ErrnoException} error
 */
const notReadable = (file, error) =>
  new SetupError(
    `${file} cannot be read (${error.code}): was ChatKit Relay started here by another user? Set DATA_DIR to a folder of your own.`,
  );

/**
 * Renamed first, so that of two starts that found the same stale file only one removes it.
 * @param {string} file
 * @param {Held | undefined} held
 */
function removeStale(file, held) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8');
  if (held && JSON.parse(moved || '{}').identity !== held.identity) create(file, JSON.parse(moved));
  rmSync(aside, { force: true });
}

/**
 * @param {Child[]} children
 * @param {(line: string) => void} say
 */
async function settleChildren(children, say) {
  const left = () => children.filter(isRunning);
  if (left().length > 0) say('The previous start did not stop cleanly: waiting for its processes to end …');
  for (const end = Date.now() + SETTLE_MS; left().length > 0 && Date.now() < end;) await sleep(100);
  for (const child of left()) kill(child);
}

/** @param {Child} child */
function kill({ name, pid }) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code === 'ESRCH') return;
    throw new SetupError(
      `The ${name} of an earlier start (process ${pid}) is still running and cannot be stopped (${error.code}): stop it yourself.`,
    );
  }
}

/**
 * @param {Held} held
 * @param {string} folder
 */
const alreadyRunning = ({ pid, url }, folder) =>
  url
    ? `ChatKit Relay is already running here: ${url} (process ${pid}, data in ${folder}).\n` +
      'Stop it with Ctrl-C where it was started, or set DATA_DIR and PORT to run a second one.'
    : `ChatKit Relay is already being started here (process ${pid}, data in ${folder}). Wait for it, or stop it.`;
