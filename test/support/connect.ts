import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const WITHIN_MS = 20_000;

/** Waits until a server that was started takes connections on its loopback port. Rejects with its output when it ends instead. */
export async function untilConnected(name: string, port: number, child: ChildProcess, output: () => string) {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await takes(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${output()}`);
    if (performance.now() > deadline) throw new Error(`${name} took no connection in time:\n${output()}`);
    await sleep(20);
  }
}

const takes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
