import { isIP } from 'node:net';
import { amongNetworks, unmapped } from './networks.js';

/** A host of IPv6 has as many addresses as it likes within its network: these first groups are the network. */
const NETWORK_GROUPS = 4;
/** No honest chain of proxies is longer; what is further away is not looked at. */
const MAX_HOPS = 20;

/**
 * Finds the address that a request came from: the peer's, or, where the peer is one of `proxies` (addresses and networks), the last
 * one in `X-Forwarded-For` that is not. What stands before it is the client's own text, and is not believed. An address of
 * IPv6 is cut to its network (/64).
 */
export function clientAddresses(
  proxies: readonly string[],
): (peer: string, forwardedFor: string | string[] | undefined) => string {
  const isProxy = amongNetworks(proxies);
  return (peer, forwardedFor) => {
    let nearest = unmapped(peer);
    const hops = proxies.length > 0 ? [forwardedFor ?? []].flat().join(',').split(',').slice(-MAX_HOPS) : [];
    while (isProxy(nearest)) {
      const next = unmapped((hops.pop() ?? '').trim());
      if (isIP(next) === 0) break;
      nearest = next;
    }
    return isIP(nearest) === 6 ? networkOf(nearest) : nearest;
  };
}

/** The same text for the same network, however it is written. */
function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
