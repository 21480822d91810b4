import type { FastifyCorsOptions } from '@fastify/cors';
import type { ApiConfig } from '../config.js';

const EXPOSED = ['ChatKit-Run-Id', 'Retry-After', 'X-Request-Id'];
const PREFLIGHT_SECONDS = 600;
const LOCALHOST = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Which pages on other origins may call. Trust depends on the origin alone: whatever headers a preflight asks for are
 * allowed, since ChatKit clients and integrations add their own [TR-7].
 */
export function corsOptions({ corsOrigins, isSingleUser }: ApiConfig): FastifyCorsOptions {
  return {
    origin: isSingleUser ? [...corsOrigins, LOCALHOST] : [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  };
}
