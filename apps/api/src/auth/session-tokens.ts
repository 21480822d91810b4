import { AppError, type DatabaseClock, type SigningKeys } from '#runtime';
import { SignedTokens } from './signed-tokens.js';

/** For whom a session is. */
export interface SessionSubject {
  readonly tenantId: string;
  readonly userId: string;
  readonly roles: readonly string[];
  /** The API key that made it; undefined: the administrator's token. */
  readonly keyId: string | undefined;
}

/** By which people, and scanners of secrets, recognise one. */
export const SESSION_MARK = 'crs_';

const KIND = { purpose: 'session', type: 'chatkit-session+jwt', audience: 'chatkit-relay/session' } as const;

/** Signed tokens for one user of one tenant. Nothing is stored: a session ends by time, or with the API key that made it. */
export class SessionTokens {
  private readonly tokens: SignedTokens;

  constructor(keys: SigningKeys, clock: Pick<DatabaseClock, 'now'>) {
    this.tokens = new SignedTokens(KIND, keys, clock);
  }

  /** `expiresAt`: Unix time in seconds. */
  async make(
    { tenantId, userId, roles, keyId }: SessionSubject,
    seconds: number,
  ): Promise<{ readonly token: string; readonly expiresAt: number }> {
    const expiresAt = this.tokens.now + seconds;
    const claims = { tenant: tenantId, roles, ...(keyId && { key: keyId }) };
    return { token: SESSION_MARK + (await this.tokens.sign(userId, claims, expiresAt)), expiresAt };
  }

  /** Throws `AppError` `auth.invalid`. */
  async verify(token: string): Promise<SessionSubject> {
    const claims = await this.tokens.read(token.slice(SESSION_MARK.length));
    if (!claims) throw new AppError('auth.invalid', 'This session token was not made by this server.');
    if (claims === 'expired') throw new AppError('auth.invalid', 'The session has expired.');
    const { sub = '', tenant, roles, key: keyId } = claims;
    return {
      tenantId: String(tenant),
      userId: sub,
      roles: Array.isArray(roles) ? roles.map(String) : [],
      keyId: typeof keyId === 'string' ? keyId : undefined,
    };
  }
}
