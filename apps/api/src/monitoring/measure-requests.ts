import type { FastifyInstance } from 'fastify';
import { type Metrics, REQUEST_SECONDS } from '#runtime';

/**
 * Counts requests by route, once each when its response is over. Routes are patterns, so a path is no series of its own. How long a
 * stream lasts says nothing about this server: only other responses are timed.
 */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const requests = metrics.counter({
    name: 'chatkit_relay_http_requests_total',
    help: 'HTTP requests by method, route (none: there is no such route) and status.',
    labels: ['method', 'route', 'status'],
  });
  const durations = metrics.histogram(
    {
      name: 'chatkit_relay_http_request_duration_seconds',
      help: 'Duration of HTTP requests that were not answered by a stream, by route.',
      labels: ['route'],
    },
    REQUEST_SECONDS,
  );
  fastify.addHook('onResponse', async ({ is404, method, routeOptions }, { statusCode, elapsedTime, logged }) => {
    const route = is404 ? 'none' : (routeOptions.url ?? 'none');
    requests.inc({ method: is404 ? 'any' : method, route, status: statusCode });
    if (!logged) durations.observe({ route }, elapsedTime / 1_000);
  });
}
