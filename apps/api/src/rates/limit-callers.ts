import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authOf } from '../auth/auth.decorator.js';
import type { RequestRates } from './request-rates.js';

/** Counts each request of a caller, as soon as it is known who asks; public routes and signed links have none. */
export function limitCallers(
  fastify: Pick<FastifyInstance, 'addHook'>,
  rates: RequestRates,
  refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.identity) return undefined;
    try {
      await rates.ofCaller(authOf(request));
      return undefined;
    } catch (error) {
      refuse(error, request, reply);
      return reply;
    }
  });
}
