import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppError, type Logger } from '#runtime';
import { drainOrClose } from './drain-or-close.js';

declare module 'fastify' {
  interface FastifyReply {
    /** Additional fields of the request's line in the access log: run and thread ids. */
    logged: Readonly<Record<string, string>> | undefined;
  }
}

/** For a message; files have routes of their own. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
/** Longer than the idle timeout of common load balancers, so that they close the connection first. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_ID = 'x-request-id';
const SAFE_REQUEST_ID = /^[\w.-]{1,128}$/;

/** Fastify as the API uses it: JSON whatever the content type says [TR-2], a request id on every answer, an access log. */
export function createAdapter(logger: Logger): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    genReqId: (request: IncomingMessage) => {
      const given = request.headers[REQUEST_ID];
      return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string));
    } catch {
      done(new AppError('request.invalid', 'The request body is not valid JSON.'));
    }
  });
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header(REQUEST_ID, request.id);
  });
  fastify.addHook('onSend', async (request, reply) => drainOrClose(request, reply));
  fastify.decorateReply('logged', undefined);
  fastify.addHook('onResponse', async ({ id, method, url }, { statusCode, elapsedTime, logged }) => {
    const path = url.split('?', 1)[0];
    logger.info({ requestId: id, method, path, status: statusCode, ms: Math.round(elapsedTime), ...logged }, 'request');
  });
  return adapter;
}
