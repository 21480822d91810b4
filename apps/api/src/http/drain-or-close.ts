import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A refused body of up to this length is read to its end and discarded. */
const DRAINED_BYTES = 64 * 1024 * 1024;

/**
 * Handles a body that is refused before it has arrived. If the connection is closed while the client is still sending,
 * the client may see a broken pipe instead of the answer, such as a 413. So the rest is read and discarded, unless it
 * is very long or its length is not known.
 */
export function drainOrClose({ raw, headers }: FastifyRequest, reply: FastifyReply): void {
  if (reply.statusCode < 400 || raw.complete) return;
  if (Number(headers['content-length']) <= DRAINED_BYTES) {
    // Against Fastify, which closes after a body that is too long; not against the client.
    if (reply.raw.shouldKeepAlive) void reply.header('connection', 'keep-alive');
    else linger(raw);
    raw.unpipe();
    raw.resume();
  } else {
    void reply.header('connection', 'close');
  }
}

/**
 * The connection of a client that wants it closed, such as a proxy with HTTP/1.0, is closed for reading when the body has come to its
 * end: closed any earlier, it would be reset, and the answer lost. Who is too slow is not waited for (slow-bodies.ts).
 */
function linger(raw: IncomingMessage): void {
  const { socket } = raw;
  socket.destroySoon = () => {
    socket.end();
    if (raw.complete || raw.destroyed) socket.destroy();
    else raw.once('close', () => socket.destroy());
  };
}
