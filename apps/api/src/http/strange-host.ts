import type { FastifyRequest } from 'fastify';
import { AppError } from '#runtime';
import type { ApiConfig } from '../config.js';
import type { RefusalLog } from './refusal-log.js';
import { isForProbes } from './probes.js';
import { requestHosts, unclearHost } from './request-hosts.js';
import { isAllowedHost, parseHost, isLoopbackAddress } from '#runtime/api';

type Rules = Pick<ApiConfig, 'auth' | 'isSingleUser' | 'allowedHosts'>;

/**
 * Protects servers that believe a request because of where it comes from. A page can make its own name point at this
 * machine (DNS rebinding): for the browser that is the page's own server, whose answers it may read, but `Host` still has
 * the name. Where a request needs a token, or a proxy elsewhere speaks for the user, such a page gains nothing.
 */
export function strangeHost(request: FastifyRequest, config: Rules, log: RefusalLog): AppError | undefined {
  if (isForProbes(request)) return undefined;
  const unclear = unclearHost(request);
  if (unclear || !believesPeer(config, request.socket.remoteAddress)) return unclear;
  const strange = requestHosts(request).find((host) => !isAllowed(host, config));
  if (strange === undefined) return undefined;
  const hint = hintFor(strange);
  log.warn('a request for a strange host was refused', strange, hint);
  return new AppError('host.refused', `This server does not answer under this host name. ${hint}`);
}

function believesPeer({ auth, isSingleUser }: Rules, peer = ''): boolean {
  return isSingleUser || (auth.modes.includes('trustedHeader') && isLoopbackAddress(peer));
}

function isAllowed(text: string, { allowedHosts }: Rules): boolean {
  const host = parseHost(text);
  return host !== undefined && isAllowedHost(host, allowedHosts);
}

function hintFor(text: string): string {
  const host = parseHost(text);
  if (!host) return 'It is no valid host.';
  const name = host.name.includes(':') ? `[${host.name}]` : host.name;
  return `If it is one of its names, set PUBLIC_URL, or ALLOWED_HOSTS=${name}.`;
}
