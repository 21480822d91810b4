import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../tools/engines/free-port.js';
import { until } from '../../support/chat.js';
import { killServer } from './kill.js';
import { launchRedis } from './own-redis.js';

/** A primary and its replica on loopback, watched by a Sentinel that decides alone. */
export interface WatchedRedis {
  /** As `REDIS_SENTINELS` names it. */
  readonly sentinels: string;
  readonly name: string;
  killPrimary(): Promise<void>;
  /** The port of the primary by the word of the Sentinel. */
  primaryPort(): number;
  stop(): Promise<void>;
}

const NAME = 'relay';
const DOWN_AFTER_MS = 1_000;

export async function startWatchedRedis(): Promise<WatchedRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-sentinel-'));
  const servers: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(killServer));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [primary, replica, port] = [await freePort(), await freePort(), await freePort()];
    servers.push(await launchRedis(primary));
    servers.push(
      await launchRedis(replica, ['--replicaof', '127.0.0.1', String(primary), '--repl-diskless-sync-delay', '0']),
    );
    await until('the replica follows', 20_000, async () =>
      told(primary, 'info', 'replication').includes('state=online'),
    );
    servers.push(startSentinel(folder, port, primary));
    await until('the Sentinel knows both', 30_000, async () => told(port, 'info', 'sentinel').includes('slaves=1'));
    return {
      sentinels: `127.0.0.1:${port}`,
      name: NAME,
      killPrimary: () => killServer(servers[0] as ChildProcess),
      primaryPort: () => Number(told(port, 'sentinel', 'get-master-addr-by-name', NAME).split('\n')[1]),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** It writes to its configuration what it learns. */
function startSentinel(folder: string, port: number, primary: number): ChildProcess {
  const file = join(folder, 'sentinel.conf');
  writeFileSync(
    file,
    `port ${port}
bind 127.0.0.1
sentinel monitor ${NAME} 127.0.0.1 ${primary} 1
sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}
sentinel failover-timeout ${NAME} 5000
`,
  );
  return spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore', cwd: folder });
}

/** Empty while nobody answers. */
function told(port: number, ...words: readonly string[]): string {
  try {
    return execFileSync('redis-cli', ['-p', String(port), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
