import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../tools/engines/free-port.js';
import { until } from '../support/chat.js';

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Redis with settings of its own, which no other test can have. */
export async function startRedis(...settings: string[]): Promise<Started> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', ...settings], {
    stdio: 'ignore',
  });
  await answers(port);
  return { url: `redis://127.0.0.1:${port}`, stop: () => end(child) };
}

const answers = (port: number): Promise<true> =>
  until(
    `port ${port} answers`,
    10_000,
    () =>
      new Promise<true | false>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', () => resolve(false));
      }),
  );

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
