import type { FastifyInstance } from 'fastify';
import { AppError } from '#runtime';
import type { ApiConfig } from '../config.js';
import { corsOptions } from './cors.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Protects users against requests that pages of other origins send in their name (CSRF): a request without a preflight
 * would be carried out, although the page may not read its answer. Browsers name the origin of a request; other clients
 * do not.
 */
export function refuseCrossSite(fastify: Pick<FastifyInstance, 'addHook'>, config: ApiConfig): void {
  const allowed = corsOptions(config).origin as readonly (string | RegExp)[];
  const isAllowed = (origin: string | undefined): boolean =>
    origin !== undefined && allowed.some((one) => (typeof one === 'string' ? one === origin : one.test(origin)));
  fastify.addHook('onRequest', async ({ method, headers }) => {
    if (READS.has(method) || headers['sec-fetch-site'] !== 'cross-site' || isAllowed(headers.origin)) return;
    throw new AppError(
      'origin.refused',
      'Pages of this origin may not call this server; add the origin to CORS_ORIGINS to allow it.',
    );
  });
}
