import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the administrator's token. */
export type IsAdmin = (authorization: string | undefined) => boolean;

/**
 * The token comes as a Bearer token, or as the password of HTTP Basic with any user name, which browsers ask for. Failed
 * attempts are not counted: a token of 16 characters cannot be guessed, and a lockout would let anybody lock out the
 * administrator.
 */
export function createIsAdmin(token: string): IsAdmin {
  const wanted = digest(token);
  // Digests have the same length, so that the comparison does not disclose the token's.
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
