import { AppError } from '#runtime';
import { bearerToken } from '../credentials.js';
import { checkedNames, type Scope } from '../identity.js';
import type { LiveApiKeys } from '../live-api-keys.js';
import { SESSION_MARK, type SessionTokens } from '../session-tokens.js';
import type { Strategy } from './strategy.js';

/** What a browser needs; it can make no further sessions. */
const SCOPES: ReadonlySet<Scope> = new Set<Scope>(['chat']);

const NAMES = {
  user: 'The user of the session',
  tenant: 'The tenant of the session',
  roles: 'The roles of the session',
};

/** Session tokens, as Bearer tokens. */
export function sessionStrategy(tokens: SessionTokens, keys: LiveApiKeys): Strategy {
  return {
    mode: 'session',
    recognizes: (credentials) => bearerToken(credentials)?.startsWith(SESSION_MARK) ?? false,
    identify: async (credentials) => {
      const { tenantId, userId, roles, keyId } = await tokens.verify(bearerToken(credentials) ?? '');
      if (keyId !== undefined && !(await keys.byId(keyId))) {
        throw new AppError('auth.invalid', 'The API key that made this session has expired or was revoked.');
      }
      const names = checkedNames({ tenant: tenantId, user: userId, roles }, NAMES);
      return { ...names, by: 'session', keyId, scopes: SCOPES };
    },
  };
}
