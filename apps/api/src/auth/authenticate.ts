import { BlockList, isIP } from 'node:net';
import { AppError } from '#runtime';
import type { AuthConfig } from '../config.js';

/** What authentication may look at. Header names are lower case. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of the peer that opened the connection, whatever any header says. */
  readonly peer: string;
}

/** Who it is. */
export interface Identity {
  readonly tenantId: string;
  readonly userId: string;
}

/** Tells who is asking. Throws `AppError` `auth.required`. */
export type Authenticate = (credentials: Credentials) => Identity;

const ONE_TENANT = 'default';
const ONE_USER: Identity = { tenantId: ONE_TENANT, userId: 'local' };
const MAX_USER_ID = 256;

export function createAuthenticate(config: AuthConfig): Authenticate {
  if (config.mode === 'none') return () => ONE_USER;
  const trusted = trustedPeers(config.proxies);
  return ({ headers, peer }) => {
    if (!isTrusted(trusted, peer)) {
      throw new AppError('auth.required', 'This server takes requests through its own proxy only.');
    }
    const value = headers[config.userHeader];
    if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_USER_ID) {
      throw new AppError('auth.required', `The header ${config.userHeader} must name the user.`);
    }
    return { tenantId: ONE_TENANT, userId: value.trim() };
  };
}

function trustedPeers(proxies: readonly string[]): BlockList {
  const peers = new BlockList();
  peers.addSubnet('127.0.0.0', 8, 'ipv4');
  peers.addAddress('::1', 'ipv6');
  for (const entry of proxies) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) peers.addAddress(address, family);
    else peers.addSubnet(address, Number(prefix), family);
  }
  return peers;
}

const IPV4_IN_IPV6 = '::ffff:';

function isTrusted(trusted: BlockList, peer: string): boolean {
  const address = peer.startsWith(IPV4_IN_IPV6) ? peer.slice(IPV4_IN_IPV6.length) : peer;
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
