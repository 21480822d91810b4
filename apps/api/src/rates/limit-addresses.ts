import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isForProbes } from '../http/probes.js';
import type { RequestRates } from './request-rates.js';

/** Counts each request of an address, before anything of it is read or looked up. */
export function limitAddresses(
  fastify: Pick<FastifyInstance, 'addHook'>,
  rates: RequestRates,
  refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (isForProbes(request)) return undefined;
    try {
      await rates.ofAddress(request.socket.remoteAddress ?? '', request.headers['x-forwarded-for']);
    } catch (error) {
      refuse(error, request, reply);
      return reply;
    }
    return undefined;
  });
}
