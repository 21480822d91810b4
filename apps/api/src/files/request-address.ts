import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** What a request says of the address that it was sent to. */
export type AddressFacts = Pick<FastifyRequest, 'headers' | 'protocol' | 'host' | 'socket'>;

const HOST = /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/i;
const IPV4_IN_IPV6 = '::ffff:';

/**
 * The address under which clients reach this server, without a slash at its end: the configured one, or else that of the request.
 * `X-Forwarded-Proto` and `X-Forwarded-Host` count only if the peer is one of the listed proxies, each with one plain value.
 */
export function addressOf(
  publicUrl: string | undefined,
  proxies: readonly string[],
): (request: AddressFacts) => string {
  if (publicUrl !== undefined) {
    const base = publicUrl.replace(/\/+$/, '');
    return () => base;
  }
  const listed = peersOf(proxies);
  return ({ headers, protocol, host, socket }) => {
    if (!isAmong(listed, socket.remoteAddress ?? '')) return `${protocol}://${host}`;
    const { 'x-forwarded-proto': proto, 'x-forwarded-host': forwarded } = headers;
    const isHost = typeof forwarded === 'string' && HOST.test(forwarded);
    return `${proto === 'https' || proto === 'http' ? proto : protocol}://${isHost ? forwarded : host}`;
  };
}

function peersOf(entries: readonly string[]): BlockList {
  const peers = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) peers.addAddress(address, family);
    else peers.addSubnet(address, Number(prefix), family);
  }
  return peers;
}

function isAmong(peers: BlockList, peer: string): boolean {
  const address = peer.startsWith(IPV4_IN_IPV6) ? peer.slice(IPV4_IN_IPV6.length) : peer;
  const version = isIP(address);
  return version !== 0 && peers.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
