import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the administrator's token. */
export type IsAdmin = (authorization: string | undefined) => boolean;

/**
 * The token comes as Bearer token, or as the password of HTTP Basic with any user name, which is what a browser asks
 * for. Guesses are not counted: with 16 characters and more there is nothing to guess, and a lock after so many
 * failures would let anybody lock the administrator out.
 */
export function createIsAdmin(token: string): IsAdmin {
  const wanted = digest(token);
  // Digests have one length: the comparison tells nothing about the token's, either.
  return (authorization) => timingSafeEqual(digest(givenToken(authorization) ?? ''), wanted);
}

function givenToken(authorization = ''): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      return colon < 0 ? undefined : pair.slice(colon + 1);
    }
    default:
      return undefined;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
