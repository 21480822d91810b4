import type { FastifyCorsOptions, FastifyCorsOptionsDelegateCallback } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import { EVERY_ORIGIN } from '#runtime/api';
import { type CrossOrigin, isAdminRoute } from './cross-origin.js';
import { requestHosts } from './request-hosts.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const EXPOSED = ['ChatKit-Run-Id', 'Retry-After', 'X-Request-Id'];
/** Browsers keep a preflight's answer for this long; Chrome takes no more than two hours. */
const PREFLIGHT_SECONDS = 7_200;

const NONE: FastifyCorsOptions = { origin: false };
const SHARED: FastifyCorsOptions = { methods: METHODS, exposedHeaders: EXPOSED, maxAge: PREFLIGHT_SECONDS };
/** An answer without credentials is all that everybody may read. */
const EVERYONE: FastifyCorsOptions = { ...SHARED, origin: EVERY_ORIGIN };

/**
 * Which pages of other origins may read answers: those that `CORS_ORIGINS` names, with cookies and logins of proxies, since
 * naming an origin is trusting it. Trust depends on the origin alone: whatever headers a preflight asks for are allowed, since
 * ChatKit clients and integrations add their own [TR-7].
 *
 * The administrator's routes have no CORS: its hook runs before the check of the token, so that it would answer the
 * preflight of another origin, and a browser that has logged in sends the password along from any page.
 */
export function corsOptions(rules: CrossOrigin): FastifyCorsOptions {
  const delegator: FastifyCorsOptionsDelegateCallback = (request, callback) =>
    callback(null, optionsFor(request, rules));
  return { delegator };
}

function optionsFor(request: FastifyRequest, rules: CrossOrigin): FastifyCorsOptions {
  const { origin } = request.headers;
  if (origin === undefined) return rules.origins.isEveryoneListed && !isAdminRoute(request) ? EVERYONE : NONE;
  if (isAdminRoute(request)) return NONE;
  // Written as the browser wrote it, which compares the two.
  if (rules.origins.isNamed(origin)) return { ...SHARED, origin, credentials: true };
  if (rules.origins.isEveryoneListed) return EVERYONE;
  if (!rules.origins.isOwn(origin, requestHosts(request))) rules.logRefusal(request);
  return NONE;
}
