import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import type { KeeperOrder, KeeperReport } from './keeper-protocol.js';
import { LauncherError } from './launcher-error.js';
import { ensureCluster, SUPERUSER } from './postgres-cluster.js';
import { findEngine } from './postgres-package.js';
import { choosePlace, clusterOf, type PostgresPlace } from './postgres-place.js';
import { clearLeftovers, postmasterCommand } from './postmaster.js';
import { privateRedis, type RedisBinary } from './redis.js';
import { signalTo, waitUntilGone } from './wait.js';

const TRIES = 4;
/** The port was taken between our check and the server's start, or the last server's shared memory is not free yet. */
const WORTH_ANOTHER_TRY = /in use|could not bind|could not create any TCP|already exists|lock file/i;

export interface EngineWish {
  root: string;
  dataDir: string;
  postgres: boolean;
  redis?: RedisBinary;
  /** For tests: fast, without durability; everything under `dataDir` is removed at the end. */
  throwAway?: boolean;
}

export interface Engines {
  postgres?: { version: string; folder: string; url: (database: string) => string };
  redis?: { name: string; version: string; url: string };
  /** The keeper's process, which ends last. */
  pid: number;
  addApp: (pid: number) => void;
  onDeath: (listener: (message: string) => void) => void;
  stop: () => Promise<void>;
}

/** Starts the requested engines and waits until they are ready; on failure nothing is left running. */
export async function startEngines(wish: EngineWish): Promise<Engines> {
  mkdirSync(wish.dataDir, { recursive: true });
  const place = wish.postgres
    ? choosePlace(wish.dataDir, findEngine(wish.root), wish.throwAway ? [wish.dataDir] : undefined)
    : undefined;
  const password = place && (await ensureCluster(place));
  if (place) await clearLeftovers(clusterOf(place.folder));
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await startOnce(wish, place, password);
    } catch (error) {
      if (left > 0 && error instanceof LauncherError && WORTH_ANOTHER_TRY.test(error.message)) continue;
      if (wish.throwAway) rmSync(wish.dataDir, { recursive: true, force: true });
      throw error;
    }
  }
}

async function startOnce(wish: EngineWish, place: PostgresPlace | undefined, password = ''): Promise<Engines> {
  const port = place ? await freePort() : 0;
  const redis = wish.redis && privateRedis(wish.redis, wish.dataDir, await freePort());
  const keeper = await startKeeper({
    type: 'start',
    postgres: place && {
      command: postmasterCommand(place, port, wish.throwAway ?? false),
      cluster: clusterOf(place.folder),
    },
    redis: redis && { command: redis.command, port: redis.port, password: redis.password },
    removeAfterwards: wish.throwAway ? [wish.dataDir] : undefined,
  });
  const url = (database: string): string => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  return {
    ...handleOf(keeper),
    postgres: place && { version: place.version, folder: place.folder, url },
    redis: wish.redis && redis && { name: wish.redis.name, version: wish.redis.version, url: redis.url },
  };
}

async function startKeeper(order: KeeperOrder): Promise<Keeper> {
  const child = fork(fileURLToPath(new URL('./keeper.js', import.meta.url)), {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const keeper = { child, pids: [] as number[] };
  const ended = once(child, 'exit').then((): KeeperReport => ({
    type: 'failed',
    message: 'The process that keeps the engines ended.',
  }));
  const answered = once(child, 'message').then(([report]) => report as KeeperReport);
  child.send(order);
  const report = await Promise.race([answered, ended]);
  if (report.type === 'started') return { ...keeper, pids: report.pids };
  await ended;
  throw new LauncherError(
    report.type === 'failed' ? report.message : `${report.engine} ended at once: see ${report.logFile}`,
  );
}

interface Keeper {
  child: ChildProcess;
  pids: number[];
}

function handleOf({ child, pids }: Keeper): Pick<Engines, 'pid' | 'addApp' | 'onDeath' | 'stop'> {
  let stopping = false;
  const exited = once(child, 'exit');
  const send = (order: KeeperOrder): void => {
    if (child.connected) child.send(order);
  };
  return {
    pid: child.pid ?? 0,
    addApp: (pid) => send({ type: 'app', pid }),
    onDeath: (listener) => {
      child.on('message', (report: KeeperReport) => {
        if (report.type === 'died') listener(`${report.engine} ended unexpectedly: see ${report.logFile}`);
      });
      child.once('exit', () => stopping || listener('The process that keeps the engines was killed.'));
    },
    stop: async () => {
      stopping = true;
      send({ type: 'stop' });
      await exited;
      await endOrphans(pids);
    },
  };
}

/** Only a keeper that was killed leaves any. Postgres is then asked for a fast shutdown. */
async function endOrphans(pids: number[]): Promise<void> {
  for (const pid of pids) {
    if (await waitUntilGone([pid], 0)) continue;
    signalTo(pid, 'SIGINT');
    await waitUntilGone([pid], 20_000);
  }
}
