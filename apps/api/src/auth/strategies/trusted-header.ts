import { AppError } from '#runtime';
import type { AuthConfig } from '../../auth-config.js';
import { type Credentials, textOf } from '../credentials.js';
import { checkedNames, type Identity } from '../identity.js';
import type { Strategy } from './strategy.js';
import { LOOPBACK, amongNetworks } from '#runtime/api';

/** Takes who asks from headers, from trusted proxies only. */
export function trustedHeaderStrategy({
  trustedHeader: { userHeader = '', tenantHeader, rolesHeader },
  trustedProxies,
}: Pick<AuthConfig, 'trustedHeader' | 'trustedProxies'>): Strategy {
  const isTrusted = amongNetworks([...LOOPBACK, ...trustedProxies]);
  const what = {
    user: `The header ${userHeader}, which names the user,`,
    tenant: `The header ${tenantHeader}, which names the tenant,`,
    roles: `The header ${rolesHeader}, which names the roles,`,
  };
  const identify = (credentials: Credentials): Identity => {
    if (!isTrusted(credentials.peer)) {
      throw new AppError('auth.invalid', `This server takes the header ${userHeader} only from its own proxy.`);
    }
    const names = checkedNames(
      {
        user: textOf(credentials, userHeader),
        ...(tenantHeader && { tenant: textOf(credentials, tenantHeader) ?? '' }),
        ...(rolesHeader && { roles: rolesOf(textOf(credentials, rolesHeader)) }),
      },
      what,
    );
    return { ...names, by: 'trustedHeader' };
  };
  // A proxy may send it empty for nobody.
  return { mode: 'trustedHeader', recognizes: ({ headers }) => Boolean(headers[userHeader]), identify };
}

const rolesOf = (header = ''): string[] =>
  header
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
