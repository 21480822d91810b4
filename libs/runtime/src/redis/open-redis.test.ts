import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedis, openServer, reconnectAfter } from './open-redis.js';

describe('a connection', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      // One answer to each command, of which each begins with the count of its words.
      socket.on('data', (data) => socket.write('+OK\r\n'.repeat(String(data).split('*').length - 1)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const OPTIONS = { lazyConnect: true, enableReadyCheck: false, disableClientInfo: true, protocol: 2 } as const;

  it.each([
    ['of a server', () => openServer({ url }, OPTIONS)],
    ['of an address, as BullMQ has it', () => openRedis(url, OPTIONS)],
  ])('%s writes the commands and pipelines of one turn into its socket at once', async (_name, open) => {
    const redis = open();
    try {
      await redis.connect();
      await redis.set('a', '1');
      const { stream } = redis;
      const one = vi.spyOn(stream, '_write');
      const many = vi.spyOn(stream as Required<typeof stream>, '_writev');
      const pipeline = redis.pipeline().set('b', '1').set('c', '1');
      await Promise.all([redis.set('d', '1'), redis.set('e', '1'), pipeline.exec(), redis.set('f', '1')]);
      expect([one.mock.calls.length, many.mock.calls.length]).toEqual([0, 1]);
    } finally {
      redis.disconnect();
    }
  });
});

it('a lost connection is tried again every 100 ms while messages wait, and every second from then on', () => {
  const waits = Array.from({ length: 100 }, (_, index) => reconnectAfter(index + 1));
  expect(waits.slice(0, 20)).toEqual(waits.slice(0, 20).map(() => 100));
  expect(waits).toEqual(waits.toSorted((one, other) => one - other));
  expect(waits.at(-1)).toBe(1_000);
});
