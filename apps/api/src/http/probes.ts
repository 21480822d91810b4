import type { FastifyRequest } from 'fastify';

/** Whether a request is for a route that load balancers, orchestrators and monitors ask: often, and by whatever address they have. */
export const isForProbes = ({ routeOptions: { url = '' } }: Pick<FastifyRequest, 'routeOptions'>): boolean =>
  url === '/health' || url.startsWith('/health/') || url === '/metrics';
