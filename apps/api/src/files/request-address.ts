import type { FastifyRequest } from 'fastify';
import { parseHost } from '#runtime/api';

/** What a request says of the address that it was sent to. */
export type AddressFacts = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'>;

/**
 * The address under which clients reach this server, without a slash at its end: the configured one, or else that of the request.
 * Fastify takes `X-Forwarded-Proto` and `X-Forwarded-Host` from listed proxies alone; what is no scheme or host is passed over.
 */
export function addressOf(publicUrl: string | undefined): (request: AddressFacts) => string {
  if (publicUrl !== undefined) {
    const base = publicUrl.replace(/\/+$/, '');
    return () => base;
  }
  return ({ headers, protocol, host }) =>
    `${protocol === 'https' ? 'https' : 'http'}://${parseHost(host) ? host : headers.host}`;
}
