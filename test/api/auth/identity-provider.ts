import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { type LocalServer, startLocalServer } from '#providers/testing';

export const ISSUER = 'https://id.example.com';
export const AUDIENCE = 'relay';

interface Pair {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

/** An identity provider with a real key set on a port of its own. */
export interface IdentityProvider {
  readonly url: string;
  /** From now on another key signs, and only this one is published. */
  rotate(): void;
  /** Answers 503 from now on, or answers again. */
  setDown(isDown: boolean): void;
  /** A token of a user, with more claims or other ones. */
  token(user: string, claims?: object): Promise<string>;
  close(): Promise<void>;
}

let pairs = 0;
function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = `key-${(pairs += 1)}`;
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  let current = newPair();
  let isDown = false;
  const server: LocalServer = await startLocalServer((response) => {
    response.writeHead(isDown ? 503 : 200).end(JSON.stringify({ keys: [current.jwk] }));
  });
  return {
    url: `${server.url}/jwks`,
    rotate: () => void (current = newPair()),
    setDown: (down) => void (isDown = down),
    token: (user, claims = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { sub: user, org: 'acme', iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 300 };
      const token = new SignJWT({ ...usual, ...claims });
      return token.setProtectedHeader({ alg: 'RS256', kid: current.kid }).sign(current.privateKey);
    },
    close: () => server.close(),
  };
}
