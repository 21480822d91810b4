import type { FastifyRequest } from 'fastify';
import { AppError } from '#runtime';
import { type CrossOrigin, isAdminRoute } from './cross-origin.js';
import { requestHosts } from './request-hosts.js';

/** They change nothing, here as elsewhere. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

const WORDS = 'Pages of this origin may not call this server; add the origin to CORS_ORIGINS to allow it.';
const ADMIN_WORDS =
  'Pages of other origins may not use the administration: open it under the address of this server, which PUBLIC_URL names behind a proxy.';

/**
 * Protects users against requests that pages of other origins send in their name (CSRF): a request without a preflight
 * would be carried out, although the page may not read its answer. Browsers say where a request comes from, new ones by
 * `Sec-Fetch-Site` (over HTTPS and on the own machine), all by `Origin`; other clients say neither. The rules are those of Go's
 * `http.CrossOriginProtection`: no token, no cookie, nothing that a page would have to send.
 */
export function forgedRequest(request: FastifyRequest, rules: CrossOrigin): AppError | undefined {
  if (READS.has(request.method) || mayChange(request, rules)) return undefined;
  rules.logRefusal(request);
  return new AppError('origin.refused', isAdminRoute(request) ? ADMIN_WORDS : WORDS);
}

function mayChange(request: FastifyRequest, rules: CrossOrigin): boolean {
  const { origin = '', 'sec-fetch-site': site = '' } = request.headers;
  if (site === 'same-origin' || site === 'none') return true;
  if (site === '' && origin === '') return true;
  if (rules.isAllowed(request)) return true;
  return rules.origins.isOwn(origin, site === '' ? requestHosts(request) : []);
}
