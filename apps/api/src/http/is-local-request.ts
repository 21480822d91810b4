import type { FastifyRequest } from 'fastify';
import type { ApiConfig } from '../config.js';
import { requestHosts, unclearHost } from './request-hosts.js';
import { parseHost, isLoopbackAddress, isLoopbackHost } from '#runtime/api';

type Settings = Pick<ApiConfig, 'isSingleUser' | 'openAt' | 'publicUrl'> & {
  readonly auth: Pick<ApiConfig['auth'], 'trustedProxies'>;
};

/** What proxies add to the requests that they pass on. */
const OF_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Whether somebody on this machine asks this server itself. A proxy on the same machine connects from loopback as well, for
 * anybody, and need not leave a trace in what it passes on. So only a server without authentication has local requests, which
 * shows everything to whoever reaches it anyway; and there no request that shows a proxy is one, nor any where the configuration
 * says that others reach the server.
 */
export function isLocalRequest({
  isSingleUser,
  openAt,
  publicUrl,
  auth,
}: Settings): (request: FastifyRequest) => boolean {
  const isOwn = isSingleUser && openAt === undefined && auth.trustedProxies.length === 0;
  const isPublic = publicUrl !== undefined && !isLoopbackName(new URL(publicUrl).host);
  if (!isOwn || isPublic) return () => false;
  return (request) => {
    const { socket, headers, raw } = request;
    if (!isLoopbackAddress(socket.remoteAddress ?? '')) return false;
    // Older proxies speak HTTP/1.0 to what is behind them, without any header of their own.
    if (raw.httpVersion === '1.0' || OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
    return unclearHost(request) === undefined && requestHosts(request).every(isLoopbackName);
  };
}

function isLoopbackName(text: string): boolean {
  const host = parseHost(text);
  return host !== undefined && isLoopbackHost(host.name);
}
