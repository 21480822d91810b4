import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { DatabaseClock, SigningKeys } from '#runtime';

/** What sets the tokens of one kind apart: none passes for one of another, which has another type, audience and key. */
export interface TokenKind {
  readonly purpose: 'session' | 'admin';
  readonly type: string;
  readonly audience: string;
}

const ISSUER = 'chatkit-relay';
const ALGORITHM = 'HS256';

/** Tokens of one kind, for one user of one tenant, that this installation signs and recognizes again. Nothing is stored. */
export class SignedTokens {
  private readonly signing: KeyObject;
  private readonly verifying: readonly KeyObject[];

  constructor(
    private readonly kind: TokenKind,
    keys: SigningKeys,
    /** The same for all APIs. */
    private readonly clock: Pick<DatabaseClock, 'now'>,
  ) {
    this.signing = createSecretKey(keys.signing(kind.purpose));
    this.verifying = keys.verifying(kind.purpose).map((key) => createSecretKey(key));
  }

  /** Unix time in seconds. */
  get now(): number {
    return Math.floor(this.clock.now().getTime() / 1_000);
  }

  /** `expiresAt`: Unix time in seconds. */
  sign(userId: string, claims: { readonly tenant: string } & JWTPayload, expiresAt: number): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: this.kind.type })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(this.kind.audience)
      .setIssuedAt(this.now)
      .setExpirationTime(expiresAt)
      .setJti(randomBytes(9).toString('base64url'))
      .sign(this.signing);
  }

  /** What a token says; undefined for one that this installation has not signed. */
  async read(token: string): Promise<JWTPayload | 'expired' | undefined> {
    for (const key of this.verifying) {
      const read = await this.readWith(key, token);
      if (read) return read;
    }
    return undefined;
  }

  private async readWith(key: KeyObject, token: string): Promise<JWTPayload | 'expired' | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: this.kind.type,
        issuer: ISSUER,
        audience: this.kind.audience,
        currentDate: this.clock.now(),
        requiredClaims: ['sub', 'exp', 'tenant'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return 'expired';
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
