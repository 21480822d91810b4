import type { FastifyRequest } from 'fastify';
import { parseHost } from '#runtime/api';

/** What a request says of the address that it was sent to. */
export type AddressFacts = Pick<FastifyRequest, 'headers' | 'protocol' | 'host' | 'socket'>;

/**
 * The address under which clients reach this server, without a slash at its end: the configured one, or else that of the request.
 * Fastify takes `X-Forwarded-Proto` and `X-Forwarded-Host` from listed proxies alone; what is no scheme or host is passed over. A client of
 * HTTP/1.0 may name no host: it is told the address that it has connected to.
 */
export function addressOf(publicUrl: string | undefined): (request: AddressFacts) => string {
  if (publicUrl !== undefined) {
    const base = publicUrl.replace(/\/+$/, '');
    return () => base;
  }
  return ({ headers, protocol, host, socket }) =>
    `${protocol === 'https' ? 'https' : 'http'}://${parseHost(host) ? host : (headers.host ?? connectedTo(socket))}`;
}

const connectedTo = ({ localAddress = '', localPort }: AddressFacts['socket']): string =>
  `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
