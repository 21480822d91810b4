import type { FastifyRequest } from 'fastify';
import { AppError } from '#runtime';

/** What authentication looks at: never the body, which has not been read. */
export interface Credentials {
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Name and value by turns, as they were sent. */
  readonly rawHeaders: readonly string[];
  /** Address of the peer that opened the connection; headers are not considered. */
  readonly peer: string;
  readonly method: string;
  /** The pattern of the route, such as `/files/:id`. */
  readonly route: string;
}

export function credentialsOf({ headers, raw, socket, method, routeOptions }: FastifyRequest): Credentials {
  return {
    headers,
    rawHeaders: raw.rawHeaders,
    peer: socket.remoteAddress ?? '',
    method,
    route: routeOptions.url ?? '',
  };
}

/**
 * The one value of a header. Throws `AppError` `auth.invalid` if it was sent more than once: Node joins or drops the others, and a
 * proxy in front may have looked at another one.
 */
export function onlyValue({ headers, rawHeaders }: Credentials, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (countOf(rawHeaders, name) === 1 && typeof value === 'string') return value;
  throw new AppError('auth.invalid', `The header ${name} must be sent once.`);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Node reads the bytes of a header as Latin-1; two spellings of a name must not become one. */
export function textOf(credentials: Credentials, name: string): string | undefined {
  const value = onlyValue(credentials, name);
  if (value === undefined) return undefined;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    throw new AppError('auth.invalid', `The header ${name} must be UTF-8.`);
  }
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] ?? '';
    if (given.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count;
}

const BEARER = /^bearer(?: +(.*))?$/i;
/** RFC 6750, section 2.1. */
const TOKEN = /^[\w\-.~+/]+=*$/;
/** Longer than any token that a person or an identity provider should send; Node takes 16 kB of headers at most. */
const MAX_TOKEN_CHARACTERS = 8_192;

/** The token of the `Authorization` header; undefined if there is none, or another scheme. */
export function bearerToken(credentials: Credentials): string | undefined {
  const match = BEARER.exec(onlyValue(credentials, 'authorization') ?? '');
  if (!match) return undefined;
  const token = match[1]?.trimEnd() ?? '';
  if (token.length > MAX_TOKEN_CHARACTERS) {
    throw new AppError('auth.invalid', `A token may have at most ${MAX_TOKEN_CHARACTERS} characters.`);
  }
  if (TOKEN.test(token)) return token;
  throw new AppError('auth.invalid', 'The header authorization must be "Bearer", a space and the token.');
}
