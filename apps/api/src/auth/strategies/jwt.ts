import { createSecretKey } from 'node:crypto';
import {
  type CryptoKey,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  type KeyObject,
} from 'jose';
import { API_KEY_MARK, AppError, type Logger } from '#runtime';
import { ANY_AUDIENCE, type JwtConfig } from '../../auth-config.js';
import { bearerToken } from '../credentials.js';
import { checkedNames, type Identity } from '../identity.js';
import { Jwks } from '../jwks.js';
import { SESSION_MARK } from '../session-tokens.js';
import type { Strategy } from './strategy.js';

/** A secret verifies by this alone, and no key of a key set does: a public key is never taken for a secret. */
const WITH_SECRET = ['HS256'];
const WITH_KEY_SET = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

type Verify = (token: string) => Promise<JWTPayload>;

/** Tokens of an identity provider, as Bearer tokens. */
export function jwtStrategy(config: JwtConfig, logger: Logger): Strategy {
  const verify = verifier(config, logger);
  return {
    mode: 'jwt',
    recognizes: (credentials) => {
      const token = bearerToken(credentials);
      return token !== undefined && !token.startsWith(API_KEY_MARK) && !token.startsWith(SESSION_MARK);
    },
    identify: async (credentials) => {
      const payload = await verify(bearerToken(credentials) ?? '').catch(refuse);
      assertNotFromTheFuture(payload, config.clockSkewSeconds);
      return identityOf(payload, config);
    },
  };
}

function verifier(config: JwtConfig, logger: Logger): Verify {
  const options: JWTVerifyOptions = {
    clockTolerance: config.clockSkewSeconds,
    requiredClaims: ['exp'],
    ...(config.issuer !== undefined && { issuer: config.issuer }),
    ...(config.audience.length > 0 && !config.audience.includes(ANY_AUDIENCE) && { audience: [...config.audience] }),
  };
  if (config.secret !== undefined) {
    const secret = createSecretKey(Buffer.from(config.secret));
    return async (token) => (await jwtVerify(token, secret, { ...options, algorithms: WITH_SECRET })).payload;
  }
  const { jwksUrl: url = '', proxyOf } = config;
  const keys = new Jwks({ url, proxy: proxyOf(url) }, logger);
  return byKeySet(keys.find, { ...options, algorithms: WITH_KEY_SET });
}

function byKeySet(find: JWTVerifyGetKey, options: JWTVerifyOptions): Verify {
  return async (token) => {
    try {
      return (await jwtVerify(token, find, options)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return byAnyOf(error, token, options);
      throw error;
    }
  };
}

/** A token that does not name its key may be of any that fits. */
async function byAnyOf(keys: AsyncIterable<CryptoKey | KeyObject>, token: string, options: JWTVerifyOptions) {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** Of jose's errors, which say no more than the sender may know. Others, an outage above all, are none of the token's. */
function refuse(error: unknown): never {
  if (!(error instanceof errors.JOSEError)) throw error;
  throw new AppError('auth.invalid', `The token is refused: ${reasonOf(error)}.`);
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing' ? `it has no claim "${error.claim}"` : `its claim "${error.claim}" is wrong`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed here';
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with an unknown key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is no JSON Web Token that this server can check';
}

function assertNotFromTheFuture({ iat }: JWTPayload, skewSeconds: number): void {
  if (iat === undefined || iat <= Date.now() / 1_000 + skewSeconds) return;
  throw new AppError('auth.invalid', 'The token is refused: its claim "iat" is in the future.');
}

function identityOf(payload: JWTPayload, { claims }: JwtConfig): Identity {
  const names = checkedNames(
    {
      user: at(payload, claims.user),
      // A claim that was configured must be there: nobody falls into another tenant because a token lacks it.
      ...(claims.tenant && { tenant: at(payload, claims.tenant) ?? null }),
      ...(claims.roles && { roles: at(payload, claims.roles) ?? [] }),
    },
    {
      user: `The claim ${claims.user.join('.')}`,
      tenant: `The claim ${claims.tenant?.join('.')}`,
      roles: `The claim ${claims.roles?.join('.')}`,
    },
  );
  return { ...names, by: 'jwt' };
}

/** What a path of names leads to; undefined if it leads nowhere. Names of `Object.prototype` are none of the token's. */
function at(payload: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    payload,
  );
}
