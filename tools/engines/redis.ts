import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { ServerCommand } from './server-process.js';

export interface RedisBinary {
  command: string;
  /** Display name: "Redis" or "Valkey". */
  name: string;
  version: string;
}

/** As the doctor's (apps/doctor/src/checks/redis.ts). */
const OLDEST = [7, 0];
const CANDIDATES = [
  { command: 'redis-server', name: 'Redis' },
  { command: 'valkey-server', name: 'Valkey' },
];

/** The first server on PATH that is new enough; `notes` explain why others were skipped. */
export function findRedis(): { redis?: RedisBinary; notes: string[] } {
  const notes: string[] = [];
  for (const { command, name } of CANDIDATES) {
    const version = versionOf(command);
    if (!version) continue;
    if (isNewEnough(version)) return { redis: { command, name, version }, notes };
    notes.push(`${name} ${version} on PATH is older than ${OLDEST.join('.')} and was not used.`);
  }
  return { notes };
}

export interface PrivateRedis {
  command: ServerCommand;
  url: string;
  port: number;
  password: string;
}

/**
 * A Redis of our own: loopback only, with a password that appears in no file and no process list (the configuration
 * is passed on stdin). It persists nothing, because Postgres does, and never evicts keys, which the queue requires.
 */
export function privateRedis({ command }: RedisBinary, dataDir: string, port: number): PrivateRedis {
  const password = randomBytes(24).toString('hex');
  const cwd = join(dataDir, 'redis');
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    'databases 1024',
    'daemonize no',
  ];
  return {
    command: { command, args: ['-'], cwd, logFile: join(dataDir, 'redis.log'), input: `${settings.join('\n')}\n` },
    url: `redis://:${password}@127.0.0.1:${port}`,
    port,
    password,
  };
}

/** The pid that the server on this port reports: another server may have taken the port first. */
export function redisPid(port: number, password: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = createConnection({ port, host: '127.0.0.1', timeout: 2_000 });
    const end = (pid?: number): void => {
      socket.destroy();
      resolve(pid);
    };
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nINFO server\r\n`));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      const pid = /process_id:(\d+)/.exec(reply)?.[1];
      if (pid) end(Number(pid));
      else if (/^-/m.test(reply)) end();
    });
    socket.on('error', () => end());
    socket.on('timeout', () => end());
    socket.on('close', () => end());
  });
}

function versionOf(command: string): string | undefined {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 5_000 });
  return status === 0 ? /v=(\d+\.\d+(\.\d+)?)/.exec(stdout)?.[1] : undefined;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
