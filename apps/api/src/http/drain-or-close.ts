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
    void reply.header('connection', 'keep-alive');
    raw.unpipe();
    raw.resume();
  } else {
    void reply.header('connection', 'close');
  }
}
