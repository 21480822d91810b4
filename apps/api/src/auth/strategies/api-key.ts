import { API_KEY_MARK, type ApiKey, AppError, isApiKeyFormat } from '#runtime';
import type { LiveApiKeys } from '../live-api-keys.js';
import { bearerToken, type Credentials, textOf } from '../credentials.js';
import { ADMIN_ROLE, checkedNames, type Identity, type Scope } from '../identity.js';
import type { Strategy } from './strategy.js';

/** With which a server says for whom it asks. */
const USER_HEADER = 'chatkit-user';
const TENANT_HEADER = 'chatkit-tenant';

/** API keys, as Bearer tokens. */
export function apiKeyStrategy(keys: LiveApiKeys): Strategy {
  return {
    mode: 'apiKey',
    recognizes: (credentials) => bearerToken(credentials)?.startsWith(API_KEY_MARK) ?? false,
    identify: async (credentials) => {
      const token = bearerToken(credentials) ?? '';
      const key = isApiKeyFormat(token) ? await keys.byKey(token) : undefined;
      if (!key) throw new AppError('auth.invalid', 'This API key is unknown, has expired or was revoked.');
      return identityOf(key, credentials);
    },
  };
}

function identityOf(key: ApiKey, credentials: Credentials): Identity {
  const user = named(credentials, USER_HEADER, key, 'users') ?? key.id;
  const tenant = named(credentials, TENANT_HEADER, key, 'tenants') ?? key.tenantId;
  // By the scope alone: a key with the role but without the scope, or a session made with it, is no administrator's.
  const others = key.roles.filter((role) => role !== ADMIN_ROLE);
  const roles = key.scopes.includes('admin') ? [...others, ADMIN_ROLE] : others;
  const names = checkedNames(
    { user, tenant, roles },
    { user: `The header ${USER_HEADER}`, tenant: `The header ${TENANT_HEADER}`, roles: 'The roles of the API key' },
  );
  return { ...names, by: 'apiKey', keyId: key.id, scopes: scopesOf(key) };
}

/** What the caller asks to be, if its key allows that. */
function named(credentials: Credentials, header: string, key: ApiKey, scope: 'users' | 'tenants'): string | undefined {
  const value = textOf(credentials, header);
  if (value === undefined || key.scopes.includes(scope)) return value;
  throw new AppError('auth.forbidden', `The header ${header} needs an API key with the scope "${scope}".`);
}

const SCOPES: readonly Scope[] = ['chat', 'gateway', 'sessions', 'tenants'];
const scopesOf = ({ scopes }: ApiKey): ReadonlySet<Scope> =>
  new Set(SCOPES.filter((scope) => (scopes as readonly string[]).includes(scope)));
