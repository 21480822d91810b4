import { BlockList, isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError, type AuthContext } from '#runtime';
import type { AuthConfig } from '../auth-config.js';
import { ApiConfig } from '../config.js';

/** What authentication looks at. */
export interface Credentials {
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of the peer that opened the connection; headers are not considered. */
  readonly peer: string;
}

type Identity = Omit<AuthContext, 'requestId'>;

const ONE_TENANT = 'default';
const ONE_USER: Identity = { tenantId: ONE_TENANT, userId: 'local', roles: [] };
const MAX_USER_ID = 256;

/** Authenticates a request. Throws `AppError` `auth.required`. */
@Injectable()
export class Authenticator {
  private readonly identify: (credentials: Credentials) => Identity;

  constructor({ auth }: ApiConfig) {
    this.identify = auth.modes.includes('none') ? () => ONE_USER : byTrustedHeader(auth);
  }

  authenticate({ id, headers, socket }: Pick<FastifyRequest, 'id' | 'headers' | 'socket'>): AuthContext {
    return { ...this.identify({ headers, peer: socket.remoteAddress ?? '' }), requestId: id };
  }
}

/** Takes the user's name from a header, from trusted proxies only. */
export function byTrustedHeader({
  trustedHeader: { userHeader = '' },
  trustedProxies,
}: Pick<AuthConfig, 'trustedHeader' | 'trustedProxies'>): (credentials: Credentials) => Identity {
  const trusted = trustedPeers(trustedProxies);
  return ({ headers, peer }) => {
    if (!isTrusted(trusted, peer)) {
      throw new AppError('auth.required', 'This server accepts requests only through its own proxy.');
    }
    const value = headers[userHeader];
    if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_USER_ID) {
      throw new AppError('auth.required', `The header ${userHeader} must name the user.`);
    }
    return { tenantId: ONE_TENANT, userId: value.trim(), roles: [] };
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
