import { NotFoundException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#runtime';
import type { ApiConfig } from '../config.js';
import { corsOptions } from './cors.js';
import { CrossOrigin } from './cross-origin.js';
import { forgedRequest } from './forged-request.js';
import { RefusalLog } from './refusal-log.js';
import { strangeHost } from './strange-host.js';

/**
 * Refuses what no page of this server and no client sends, before anything else looks at the request. `refuse` sends the
 * answer: a thrown error would be a 500 on routes whose plugin has an error handler of its own.
 */
export function keepStrangersOut(
  app: NestFastifyApplication,
  config: ApiConfig,
  logger: Logger,
  refuse: (error: Error, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  const log = new RefusalLog(logger);
  const rules = new CrossOrigin(config, log);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async (request, reply) => {
    const error = strangeHost(request, config, log) ?? forgedRequest(request, rules) ?? impossiblePath(request);
    if (!error) return undefined;
    refuse(error, request, reply);
    return reply;
  });
  app.enableCors(corsOptions(rules));
}

/** No id has a NUL, and Postgres refuses to compare with it. */
const impossiblePath = ({ url }: Pick<FastifyRequest, 'url'>): Error | undefined =>
  url.split('?', 1)[0]?.includes('%00') ? new NotFoundException() : undefined;
