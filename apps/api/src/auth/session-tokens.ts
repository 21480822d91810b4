import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { AppError, type DatabaseClock, type SigningKeys } from '#runtime';

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

/** A token of another kind never passes for a session: it has another type, audience and issuer, and another key. */
const TYPE = 'chatkit-session+jwt';
const ISSUER = 'chatkit-relay';
const AUDIENCE = 'chatkit-relay/session';
const ALGORITHM = 'HS256';

/** Signed tokens for one user of one tenant. Nothing is stored: a session ends by time, or with the API key that made it. */
export class SessionTokens {
  private readonly signing: KeyObject;
  private readonly verifying: readonly KeyObject[];

  constructor(
    keys: SigningKeys,
    /** The same for all APIs. */
    private readonly clock: Pick<DatabaseClock, 'now'>,
  ) {
    this.signing = createSecretKey(keys.signing('session'));
    this.verifying = keys.verifying('session').map((key) => createSecretKey(key));
  }

  /** `expiresAt`: Unix time in seconds. */
  async make(
    subject: SessionSubject,
    seconds: number,
  ): Promise<{ readonly token: string; readonly expiresAt: number }> {
    const now = Math.floor(this.clock.now().getTime() / 1_000);
    const expiresAt = now + seconds;
    const { tenantId, userId, roles, keyId } = subject;
    const signed = await new SignJWT({ tenant: tenantId, roles, ...(keyId && { key: keyId }) })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .setJti(randomBytes(9).toString('base64url'))
      .sign(this.signing);
    return { token: SESSION_MARK + signed, expiresAt };
  }

  /** Throws `AppError` `auth.invalid`. */
  async verify(token: string): Promise<SessionSubject> {
    const jwt = token.slice(SESSION_MARK.length);
    for (const key of this.verifying) {
      const subject = await this.verifyWith(key, jwt);
      if (subject) return subject;
    }
    throw new AppError('auth.invalid', 'This session token was not made by this server.');
  }

  /** Undefined if another key has signed it. */
  private async verifyWith(key: KeyObject, jwt: string): Promise<SessionSubject | undefined> {
    try {
      const { payload } = await jwtVerify(jwt, key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: this.clock.now(),
        requiredClaims: ['sub', 'exp', 'tenant'],
      });
      const { sub = '', tenant, roles, key: keyId } = payload;
      return {
        tenantId: String(tenant),
        userId: sub,
        roles: Array.isArray(roles) ? roles.map(String) : [],
        keyId: typeof keyId === 'string' ? keyId : undefined,
      };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new AppError('auth.invalid', 'The session has expired.');
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
