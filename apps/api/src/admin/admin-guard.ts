import type { FastifyInstance } from 'fastify';
import { declareAccess } from '../auth/authentication.js';

/** Restricts the routes that are registered on this instance from now on, including those of its plugins, to administrators. */
export function guardAdminRoutes(instance: FastifyInstance): void {
  declareAccess(instance, 'admin');
  // At the end, so that refusals have them, too.
  instance.addHook('onSend', async (_request, reply) => void reply.headers(ADMIN_HEADERS));
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
