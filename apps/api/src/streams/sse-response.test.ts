import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { FastifyReply } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { SseResponse } from './sse-response.js';

const FRAME = Buffer.from(`data: ${'x'.repeat(32 * 1024)}\n\n`);
const ALLOWED_BYTES = 256 * 1024 + 2 * FRAME.length;

/** Writes until there is no room; returns how many frames it took. */
async function fill(stream: SseResponse): Promise<number> {
  let written = 1;
  for (; stream.write(FRAME); written++) await new Promise(setImmediate);
  return written;
}

describe('SseResponse', () => {
  let server: http.Server;

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A stream over a real socket, and its response, which is not read yet. */
  async function opened(): Promise<{ stream: SseResponse; raw: http.ServerResponse; answer: http.IncomingMessage }> {
    server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = http.get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    // A reset arrives here as well as at the response.
    request.on('error', () => undefined);
    const [, raw] = (await once(server, 'request')) as [http.IncomingMessage, http.ServerResponse];
    const reply = { raw, hijack: () => reply, getHeaders: () => ({ 'x-from-a-hook': 'yes' }) };
    const stream = new SseResponse(reply as unknown as FastifyReply, 15_000);
    stream.open({ 'chatkit-run-id': 'run_1' }, {});
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    return { stream, raw, answer };
  }

  /** What a reader received that speaks HTTP/1.0, and how the connection ended. */
  async function readOldHttp(write: (stream: SseResponse) => void): Promise<{ text: string; reset: boolean }> {
    server = http.createServer((_, raw) => {
      const reply = { raw, hijack: () => reply, getHeaders: () => ({}) };
      const stream = new SseResponse(reply as unknown as FastifyReply, 15_000);
      stream.open({}, {});
      stream.write(Buffer.from('data: 1\n\n'));
      // As it happens in life: not in the same turn of the event loop.
      setTimeout(() => write(stream), 20);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    let text = '';
    let reset = false;
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    socket.on('error', () => (reset = true));
    socket.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    await once(socket, 'close').catch(() => undefined);
    return { text, reset };
  }

  it('reports a full buffer early, and drains when the reader reads', async () => {
    const { stream, raw, answer } = await opened();
    answer.pause();
    const written = await fill(stream);
    expect(raw.socket?.writableLength).toBeLessThanOrEqual(ALLOWED_BYTES);

    let received = 0;
    answer.on('data', (chunk: Buffer) => (received += chunk.length));
    answer.resume();
    await stream.drained();
    stream.end();
    await once(answer, 'end');
    expect(received).toBe(written * FRAME.length);
    expect(answer.complete).toBe(true);
  });

  it('that is interrupted sends what was written, and not the end of the body (TR-5)', async () => {
    const { stream, answer } = await opened();
    let aborted = 0;
    stream.onAborted(() => (aborted += 1));
    let received = 0;
    answer.on('data', (chunk: Buffer) => (received += chunk.length));
    stream.write(FRAME);
    stream.write(FRAME);
    stream.interrupt();
    await expect(once(answer, 'end')).rejects.toThrow('aborted');
    expect(received).toBe(2 * FRAME.length);
    expect([answer.complete, aborted]).toEqual([false, 0]);
  });

  describe('in HTTP/1.0, where the end of the connection is the end of the body', () => {
    it('frames are sent as they are, without chunk sizes (RFC 9112, 6.1)', async () => {
      const { text, reset } = await readOldHttp((stream) => {
        stream.write(Buffer.from('data: 2\n\n'));
        stream.end();
      });
      const [head = '', body] = text.split(/\r\n\r\n(.*)/s);
      expect(body).toBe('data: 1\n\ndata: 2\n\n');
      expect(head.toLowerCase()).not.toContain('transfer-encoding');
      expect(reset).toBe(false);
    });

    it('an interruption is a reset', async () => {
      expect(await readOldHttp((stream) => stream.interrupt())).toMatchObject({ reset: true });
    });
  });

  it('keeps the headers that hooks have set', async () => {
    const { stream, answer } = await opened();
    expect(answer.headers).toMatchObject({ 'x-from-a-hook': 'yes', 'chatkit-run-id': 'run_1' });
    stream.end();
  });

  it('distinguishes its own end from a reader that left, and does not wait for that reader', async () => {
    const { stream, answer } = await opened();
    let aborted = 0;
    const left = new Promise<void>((resolve) => {
      stream.onAborted(() => {
        aborted += 1;
        resolve();
      });
    });
    answer.pause();
    await fill(stream);
    answer.destroy();
    await left;
    await stream.drained();
    expect(aborted).toBe(1);
  });
});
