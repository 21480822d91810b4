import Fastify, { type FastifyError } from 'fastify';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { AppError } from '#runtime';
import { limitOpenBodies, OpenBodies, SMALL_BODY } from './open-bodies.js';

const MB = 1024 * 1024;

it('a user has a part of the room, all users together all of it, and what is answered is free again', () => {
  const bodies = new OpenBodies({ openBytes: 4 * MB, openBytesPerUser: 2 * MB });
  bodies.take('ada', 2 * MB);
  expect(() => bodies.take('ada', 1)).toThrow(expect.objectContaining({ code: 'limit.bodies' }));
  bodies.take('grace', 2 * MB);
  expect(() => bodies.take('joan', 1)).toThrow(expect.objectContaining({ code: 'limit.server' }));
  bodies.free('ada', MB);
  bodies.take('joan', MB);
  expect(() => bodies.take('ada', 1)).toThrow(expect.objectContaining({ code: 'limit.server' }));
});

it('a refusal takes nothing', () => {
  const bodies = new OpenBodies({ openBytes: 10, openBytesPerUser: 10 });
  expect(() => bodies.take('ada', 11)).toThrow('bodies.user');
  bodies.take('ada', 10);
});

/** A server of which each request holds its body until it is told to answer. */
async function server(limits: Parameters<typeof limitOpenBodies>[1]) {
  const fastify = Fastify({ bodyLimit: limits.bodyBytes });
  const waiting: (() => void)[] = [];
  fastify.setErrorHandler((error: FastifyError, _request, reply) =>
    reply.status(error instanceof AppError ? 429 : (error.statusCode ?? 500)).send(),
  );
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body.length);
  limitOpenBodies(fastify, limits);
  fastify.post('/', async ({ body }) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { bytes: body };
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => fastify.close());
  const { port } = fastify.server.address() as AddressInfo;
  const send = async (bytes: number, isAnnounced: boolean): Promise<number> => {
    const headers = isAnnounced ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false, headers });
    sent.end(Buffer.alloc(bytes));
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    return response.statusCode;
  };
  const held = async (count: number): Promise<void> => {
    await expect.poll(() => waiting.length).toBe(count);
  };
  return { send, held, answerAll: () => waiting.splice(0).forEach((answer) => answer()) };
}

it.each([
  ['that announce their length', true],
  ['that do not', false],
])('counts bodies %s, until they are answered', async (_, isAnnounced) => {
  const { send, held, answerAll } = await server({ bodyBytes: MB, openBytes: MB, openBytesPerUser: MB });
  const first = [send(MB / 2, isAnnounced), send(MB / 2, isAnnounced)];
  await held(2);
  expect(await send(SMALL_BODY + 1, isAnnounced)).toBe(429);
  const small = send(SMALL_BODY, isAnnounced);
  await held(3);
  answerAll();
  expect(await Promise.all([...first, small])).toEqual([200, 200, 200]);
  const again = send(MB, isAnnounced);
  await held(1);
  answerAll();
  expect(await again).toBe(200);
});

it('a body that is longer than any may be takes no room', async () => {
  const { send, held, answerAll } = await server({ bodyBytes: MB, openBytes: 2 * MB, openBytesPerUser: 2 * MB });
  for (let count = 0; count < 3; count++) {
    expect(await send(MB + 1, true)).toBe(413);
    expect(await send(2 * MB, false).catch(() => 413)).toBe(413);
  }
  const largest = [send(MB, true), send(MB, false)];
  await held(2);
  answerAll();
  expect(await Promise.all(largest)).toEqual([200, 200]);
});
