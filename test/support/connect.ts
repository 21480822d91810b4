import type { ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

const WITHIN_MS = 20_000;

/**
 * Waits until a server that was started takes connections on its loopback port. Rejects with its output when it ends instead.
 *
 * @param takes what a connection is; a server of TLS may listen before it has a certificate: {@link takesTls}
 */
export async function untilConnected(
  name: string,
  port: number,
  child: ChildProcess,
  output: () => string,
  takes: (port: number) => Promise<boolean> = takesTcp,
) {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await takes(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${output()}`);
    if (performance.now() > deadline) throw new Error(`${name} took no connection in time:\n${output()}`);
    await sleep(20);
  }
}

const takesTcp = (port: number): Promise<boolean> => opens(connect(port, '127.0.0.1'), 'connect');

/** A whole handshake, whoever has signed the certificate. */
export const takesTls = (port: number): Promise<boolean> =>
  opens(connectTls({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }), 'secureConnect');

const opens = (socket: Socket, event: 'connect' | 'secureConnect'): Promise<boolean> =>
  new Promise<boolean>((resolve) => {
    socket.once(event, () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
