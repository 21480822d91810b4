import http from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { useRelay } from '../support/relay.js';

const MB = 1024 * 1024;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const relay = useRelay('postgres', { workers: 0, variables: { AUTH_MODE: 'none' } });

afterAll(() => {
  agent.destroy();
});

interface Answered {
  readonly status: number;
  readonly connection: string | undefined;
  /** Of our side of the connection. */
  readonly port: number | undefined;
}

/** Sends a body slowly enough that the answer is there before its end. */
function send(bytes: number, { sent = bytes, declared = true, close = false } = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers: http.OutgoingHttpHeaders = declared
      ? { 'content-length': bytes }
      : { 'transfer-encoding': 'chunked' };
    if (close) headers.connection = 'close';
    const request = http.request(`${relay.url}/chatkit`, { method: 'POST', headers, agent }, (response) => {
      const answered = {
        status: response.statusCode ?? 0,
        connection: response.headers.connection,
        port: request.socket?.localPort,
      };
      response.resume().on('close', () => resolve(answered));
    });
    request.on('error', reject);
    const piece = Buffer.alloc(MB, 'x');
    const next = (left: number): void => {
      if (left <= 0) {
        if (sent === bytes) request.end();
        return;
      }
      request.write(piece.subarray(0, Math.min(left, MB)), () => setImmediate(next, left - MB));
    };
    next(sent);
  });
}

it('a body that is too long is read to its end, so that its sender reads the refusal', async () => {
  const first = await send(30 * MB);
  expect(first).toMatchObject({ status: 413, connection: 'keep-alive' });
  expect(first.port).toBeGreaterThan(0);
  // The connection is still good for the next one.
  expect(await send(30 * MB)).toEqual(first);
});

it('a client that wants the connection closed is told that it will be', async () => {
  expect(await send(30 * MB, { sent: MB, close: true })).toMatchObject({ status: 413, connection: 'close' });
  for (let count = 0; count < 10; count++) {
    expect(await send(30 * MB, { close: true })).toMatchObject({ status: 413, connection: 'close' });
  }
});

it('one that is much too long is not', async () => {
  expect(await send(65 * MB, { sent: MB })).toMatchObject({ status: 413, connection: 'close' });
});

it('nor is one that does not say how long it is', async () => {
  expect(await send(65 * MB, { sent: 6 * MB, declared: false })).toMatchObject({ status: 413, connection: 'close' });
});
