import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BODY_TOO_SLOW, refuseRaw, refuseUnread } from './refuse-raw.js';
import { SlowBodies } from './slow-bodies.js';

const WINDOW_MS = 200;
const slow = new SlowBodies(WINDOW_MS);
const server = http.createServer((request, response) => {
  slow.watch(request, {
    isFile: request.url === '/files',
    refuse: () => refuseRaw(request.socket, BODY_TOO_SLOW),
  });
  request.resume().on('end', () => response.end('received'));
});
server.on('clientError', (error, socket) => refuseUnread(error, socket as net.Socket));

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends what it is given as it is given, and returns what the server said when it has closed the connection. */
async function talk(pieces: AsyncIterable<string>): Promise<string> {
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  for await (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
  }
  await closed;
  return said;
}

const head = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}

/** As many pieces of a body, at a distance. */
async function* body(path: string, pieces: number, piece: string, everyMs: number): AsyncGenerator<string> {
  yield head(path, pieces * piece.length);
  for (let count = 0; count < pieces; count++) {
    await sleep(everyMs);
    yield piece;
  }
}

it('a body that never comes is refused in words', async () => {
  const said = await talk(only(head('/files', 1_000)));
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(said).toContain('"request.timeout"');
});

it('so is one that comes byte by byte', async () => {
  expect(await talk(body('/files', 1_000, 'x', 20))).toMatch(/^HTTP\/1\.1 408 /);
});

it('a file may take many windows, as long as it goes on', async () => {
  const said = await talk(body('/files', 60, 'x'.repeat(64 * 1024), WINDOW_MS / 4));
  expect(said).toContain('received');
});

it('what is no file may not take ten of them', async () => {
  expect(await talk(body('/chatkit', 1_000, 'x'.repeat(8 * 1024), WINDOW_MS / 4))).toMatch(/^HTTP\/1\.1 408 /);
});

it('what is no HTTP is refused in the format of all errors', async () => {
  const said = await talk(only('NONSENSE\r\n\r\n'));
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(said).toContain('"request.malformed"');
});

it('headers of more than 16 KB are 431', async () => {
  const said = await talk(only(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`));
  expect(said).toMatch(/^HTTP\/1\.1 431 /);
});
