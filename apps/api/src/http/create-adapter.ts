import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from '#runtime';
import type { ApiConfig } from '../config.js';
import { requestIds } from '../errors/log-ids.js';
import { drainOrClose } from './drain-or-close.js';
import { parseJsonBody } from './json-body.js';
import { limitOpenBodies } from './open-bodies.js';
import { isForProbes } from './probes.js';
import { BODY_TOO_SLOW, refuseRaw, refuseUnread } from './refuse-raw.js';
import { traceRequests } from './trace-requests.js';
import { SlowBodies } from './slow-bodies.js';

/** Of the request's line and headers together. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const HEADERS_WITHIN_MS = 30_000;
const CHECK_CONNECTIONS_MS = 5_000;
/** Longer than the idle timeout of common load balancers, so that they close the connection first. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_ID = 'x-request-id';
const SAFE_REQUEST_ID = /^[\w.-]{1,128}$/;

type Settings = Pick<ApiConfig, 'auth' | 'requestLimits'>;

/** Fastify as the API uses it: JSON whatever the content type says [TR-2], a request id on every answer, an access log. */
export function createAdapter(logger: Logger, { auth, requestLimits }: Settings): FastifyAdapter {
  const { bodyBytes, stallMs } = requestLimits;
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytes,
    // X-Forwarded-Host and X-Forwarded-Proto count from these alone: anybody can send them.
    trustProxy: auth.trustedProxies.length > 0 && [...auth.trustedProxies],
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    },
    clientErrorHandler: refuseUnread,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    genReqId: (request: IncomingMessage) => {
      const given = request.headers[REQUEST_ID];
      return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    parseJsonBody(body),
  );
  traceRequests(fastify);
  const slowBodies = new SlowBodies(stallMs);
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header(REQUEST_ID, request.id);
    const { raw } = request;
    slowBodies.watch(raw, {
      isFile: request.routeOptions.url?.startsWith('/files') ?? false,
      refuse: () => (reply.raw.headersSent ? raw.destroy() : refuseRaw(raw.socket, BODY_TOO_SLOW)),
    });
  });
  limitOpenBodies(fastify, requestLimits);
  fastify.addHook('onSend', async (request, reply) => drainOrClose(request, reply));
  fastify.decorateReply('logged', undefined);
  fastify.addHook('onResponse', async (request, reply) => {
    if (isForProbes(request)) return;
    const { method, url } = request;
    const path = url.split('?', 1)[0];
    const ms = Math.round(reply.elapsedTime);
    logger.info({ ...requestIds(request, reply), method, path, status: reply.statusCode, ms }, 'request');
  });
  return adapter;
}
