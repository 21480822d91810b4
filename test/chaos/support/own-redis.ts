import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../../tools/engines/free-port.js';

/** A Redis that a test may kill, empty or change. */
export interface OwnRedis {
  readonly port: number;
  /** What `redis-cli` would be told; gives the first line of the answer. */
  command(...words: readonly string[]): Promise<string>;
  /** Several over one connection, such as a login before them; gives the first line of the last answer. */
  commands(...of: readonly (readonly string[])[]): Promise<string>;
  kill(): Promise<void>;
  /** After a kill; it comes back empty. */
  start(): Promise<void>;
}

export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await freePort();
  let child = await launchRedis(port);
  return {
    port,
    command: (...words) => redisCommands(port, [words]),
    commands: (...of) => redisCommands(port, of),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      child = await launchRedis(port);
    },
  };
}

/** `program`: or another one that takes its settings. */
export async function launchRedis(
  port: number,
  settings: readonly string[] = [],
  program = 'redis-server',
): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...settings];
  const redis = spawn(program, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    redis.once('error', reject);
    redis.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    redis.stdout.on('data', (chunk: Buffer) => chunk.includes('Ready to accept connections') && resolve());
  });
  return redis;
}

async function redisCommands(port: number, commands: readonly (readonly string[])[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  let last = '';
  try {
    await once(socket, 'connect');
    for (const words of commands) {
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
      const [reply] = (await once(socket, 'data')) as [Buffer];
      last = reply.toString('utf8').split('\r\n', 1)[0] ?? '';
      if (last.startsWith('-')) throw new Error(`Redis refused ${words[0]}: ${last}`);
    }
    return last;
  } finally {
    socket.destroy();
  }
}
