import type { FastifyInstance } from 'fastify';
import type { IsAdmin } from './admin-token.js';

/**
 * Restricts the routes that are registered on this instance from now on, including those of its plugins, to the
 * administrator. It applies to routes and does not compare paths: `/%61dmin/queues` is different text for the same
 * route. A hook rather than a Nest guard, because the routes are Fastify's own.
 */
export function guardAdminRoutes(instance: FastifyInstance, isAdmin: IsAdmin): void {
  instance.addHook('onRoute', (route) => {
    route.config = { ...route.config, adminOnly: true };
  });
  instance.addHook('onRequest', async ({ headers }, reply) => {
    void reply.headers(ADMIN_HEADERS);
    if (isAdmin(headers.authorization)) return;
    await reply
      .code(401)
      .header('www-authenticate', 'Basic realm="ChatKit Relay administration", charset="UTF-8"')
      .send({ error: { code: 'auth.required', message: 'This requires the administrator token (ADMIN_TOKEN).' } });
  });
}

/**
 * The dashboard may load its own files only, from this server only, and not in a frame. Its components use inline styles.
 * Nothing may be cached: a shared cache would serve it without the token.
 */
const ADMIN_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
