import type { FastifyReply, FastifyRequest } from 'fastify';

/** A refused body of up to this length is read to its end and thrown away. */
const DRAINED_BYTES = 64 * 1024 * 1024;

/**
 * What becomes of a body that is refused before it has arrived. A connection that is closed on a client in mid-body
 * may take the answer with it: the client is told of a broken pipe instead of a 413. So the rest is read, unless it is
 * very long or does not say how long it is.
 */
export function drainOrClose({ raw, headers }: FastifyRequest, reply: FastifyReply): void {
  if (reply.statusCode < 400 || raw.complete) return;
  if (Number(headers['content-length']) <= DRAINED_BYTES) {
    void reply.header('connection', 'keep-alive');
    raw.unpipe();
    raw.resume();
  } else {
    void reply.header('connection', 'close');
  }
}
