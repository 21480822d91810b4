// A process between the launcher and the engines, in a session of its own. It holds Postgres and Redis as its children
// and outlives a launcher that is killed: it then waits until the apps have ended and stops the engines cleanly.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { KeeperOrder, KeeperReport, PostgresOrder, RedisOrder } from './keeper-protocol.js';
import { isPostmasterReady, stopPostmaster } from './postmaster.js';
import { redisPid } from './redis.js';
import { lastLinesOf, type ServerCommand, spawnServer } from './server-process.js';
import { signalTo, waitFor, waitUntilGone } from './wait.js';

const READY_MS = 60_000;
const APPS_MS = 15_000;
const REDIS_MS = 5_000;

interface Engine {
  name: string;
  child: ChildProcess;
  stop: () => Promise<void>;
}

const engines: Engine[] = [];
const apps = new Set<number>();
let removeAfterwards: string[] = [];
let stopping = false;

const report = (message: KeeperReport): void => {
  if (process.connected) process.send?.(message);
};

process.on('message', (order: KeeperOrder) => {
  if (order.type === 'start') void start(order);
  else if (order.type === 'app') apps.add(order.pid);
  else void stop();
});
process.on('disconnect', () => void stop());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());

async function start(order: KeeperOrder & { type: 'start' }): Promise<void> {
  removeAfterwards = order.removeAfterwards ?? [];
  try {
    await Promise.all([order.postgres && startPostgres(order.postgres), order.redis && startRedis(order.redis)]);
    report({ type: 'started', pids: engines.map(({ child }) => child.pid ?? 0) });
  } catch (error) {
    report({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    removeAfterwards = []; // another try may follow
    await stop();
  }
}

async function startPostgres({ command, cluster }: PostgresOrder): Promise<void> {
  await startEngine('Postgres', command, (pid) => isPostmasterReady(cluster, pid), stopPostmaster);
}

async function startRedis({ command, port, password }: RedisOrder): Promise<void> {
  await startEngine('Redis', command, async (pid) => (await redisPid(port, password)) === pid, stopRedis);
}

async function startEngine(
  name: string,
  command: ServerCommand,
  isReady: (pid: number) => boolean | Promise<boolean>,
  stopByPid: (pid: number) => Promise<void>,
): Promise<void> {
  const child = spawnServer(command);
  const pid = child.pid;
  if (pid === undefined) throw await spawnFailure(name, child);
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  engines.push({ name, child, stop: async () => (ended() ? undefined : stopByPid(pid)) });
  const ready = await waitFor(async () => (ended() ? false : (await isReady(pid)) || undefined), READY_MS);
  if (!ready) throw new Error(`${name} did not start. The end of ${command.logFile}:\n${lastLinesOf(command.logFile)}`);
  if (ended()) return report({ type: 'died', engine: name, logFile: command.logFile });
  child.once('exit', () => {
    if (!stopping) report({ type: 'died', engine: name, logFile: command.logFile });
  });
}

async function spawnFailure(name: string, child: ChildProcess): Promise<Error> {
  const [reason] = (await once(child, 'error')) as [Error];
  return new Error(`${name} could not be started: ${reason.message}`);
}

async function stopRedis(pid: number): Promise<void> {
  signalTo(pid, 'SIGTERM');
  if (!(await waitUntilGone([pid], REDIS_MS))) signalTo(pid, 'SIGKILL');
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await waitUntilGone(apps, APPS_MS);
  const order = ['Redis', 'Postgres'];
  for (const engine of engines.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))) await engine.stop();
  for (const path of removeAfterwards) rmSync(path, { recursive: true, force: true });
  process.exit(0);
}
