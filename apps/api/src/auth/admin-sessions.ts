import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError, type DatabaseClock, type SigningKeys } from '#runtime';
import type { Credentials } from './credentials.js';
import { ADMIN_ROLE, type Identity } from './identity.js';
import type { LiveApiKeys } from './live-api-keys.js';
import { SignedTokens } from './signed-tokens.js';

const COOKIE = 'relay_admin';
/** With every request to the administration, its queues and its API, and with no other. */
const PATH = '/admin';
const KIND = { purpose: 'admin', type: 'chatkit-admin+jwt', audience: 'chatkit-relay/admin' } as const;

/** A day's work with the token; an hour where nothing says that the credential was taken back. */
const REVOCABLE_SECONDS = 12 * 3600;
const OTHER_SECONDS = 3600;

const Claims = z.object({
  sub: z.string(),
  exp: z.number(),
  tenant: z.string(),
  by: z.enum(['adminToken', 'apiKey', 'jwt', 'session', 'trustedHeader', 'module', 'none']),
  key: z.string().optional(),
  /** Of the administrator's token: another one ends the session. */
  token: z.string().optional(),
});

interface Deps {
  readonly keys: SigningKeys;
  readonly apiKeys: Pick<LiveApiKeys, 'byId'>;
  /** The same for all APIs. */
  readonly clock: Pick<DatabaseClock, 'now'>;
  readonly adminToken: string | undefined;
}

/**
 * Sessions of administrators in a browser: a signed cookie that says who signed in. Scripts cannot read it, and browsers send it only
 * with requests that pages of this server make. Nothing is stored: a session ends by time, with the API key behind it, or with
 * another `ADMIN_TOKEN`.
 */
export class AdminSessions {
  private readonly tokens: SignedTokens;

  constructor(private readonly deps: Deps) {
    this.tokens = new SignedTokens(KIND, deps.keys, deps.clock);
  }

  /** For the `Set-Cookie` header. One that is made with a session ends when that one does: else it could be renewed for ever. */
  async begin({ by, tenantId, userId, keyId, sessionEndsAt }: Identity, isSecure: boolean): Promise<string> {
    const { now } = this.tokens;
    const seconds = by === 'adminToken' || keyId !== undefined ? REVOCABLE_SECONDS : OTHER_SECONDS;
    const endsAt = Math.min(now + seconds, sessionEndsAt ?? Number.POSITIVE_INFINITY);
    const token = by === 'adminToken' ? this.tokenDigest() : undefined;
    const claims = { tenant: tenantId, by, ...(keyId && { key: keyId }), ...(token && { token }) };
    return cookie(await this.tokens.sign(userId, claims, endsAt), endsAt - now, isSecure);
  }

  /** For the `Set-Cookie` header. */
  end(isSecure: boolean): string {
    return cookie('', 0, isSecure);
  }

  /** Who signed in; undefined for a request without a session. Throws `AppError` `auth.invalid` for a session that is over. */
  async identify(credentials: Pick<Credentials, 'headers'>): Promise<Identity | undefined> {
    const session = sessionOf(credentials);
    if (session === undefined) return undefined;
    const claims = Claims.safeParse(await this.tokens.read(session));
    if (!claims.success) throw over();
    const { sub: userId, exp: sessionEndsAt, tenant: tenantId, by, key: keyId, token } = claims.data;
    if (by === 'adminToken' && token !== this.tokenDigest()) throw over();
    if (keyId !== undefined && !(await this.deps.apiKeys.byId(keyId))) throw over();
    return { tenantId, userId, roles: [ADMIN_ROLE], by, keyId, scopes: new Set(), sessionEndsAt };
  }

  private tokenDigest(): string {
    return createHash('sha256')
      .update(`admin session ${this.deps.adminToken ?? ''}`)
      .digest('base64url');
  }
}

const over = (): AppError => new AppError('auth.invalid', 'The session of the administration is over: sign in again.');

/** Strict: no page of another site makes a browser send it, not even by a link. */
const cookie = (value: string, seconds: number, isSecure: boolean): string =>
  [
    `${COOKIE}=${value}`,
    `Path=${PATH}`,
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');

/** The one session of a request; several, as an attacker's subdomain could add, are none. */
function sessionOf({ headers }: Pick<Credentials, 'headers'>): string | undefined {
  const { cookie: given } = headers;
  if (typeof given !== 'string') return undefined;
  const found = given
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${COOKIE}=`));
  return found.length === 1 ? found[0]?.slice(COOKIE.length + 1) || undefined : undefined;
}
