import type { FastifyRequest } from 'fastify';
import { AppError } from '#runtime';

/** `scheme://host` before the path, which a client sends to a proxy; a server must take it, too (RFC 9112, section 3.2.2). */
const ABSOLUTE_FORM = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;

/**
 * The names under which a request asks for this server: its `Host` header, and what a listed proxy says the browser used. None for a
 * client of HTTP/1.0 that names no host.
 */
export const requestHosts = ({ headers, host }: Pick<FastifyRequest, 'headers' | 'host'>): readonly string[] =>
  [...new Set([headers.host ?? '', host])].filter((name) => name !== '');

/**
 * What is wrong with a request that does not say exactly once which host it asks for: whoever passed it on could have
 * understood it differently. HTTP/1.0 has no `Host`; no browser speaks it.
 */
export function unclearHost({ url, raw }: Pick<FastifyRequest, 'raw' | 'url'>): AppError | undefined {
  const [named, ...others] = valuesOf('host', raw.rawHeaders);
  if (named === undefined && raw.httpVersion === '1.0') return undefined;
  if (named === undefined || named === '' || others.length > 0) {
    return new AppError('request.invalid', 'The request must have exactly one Host header, which names this server.');
  }
  const authority = ABSOLUTE_FORM.exec(url)?.[1];
  if (authority === undefined || authority.toLowerCase() === named.toLowerCase()) return undefined;
  return new AppError('request.invalid', 'The request target and the Host header must name the same host.');
}

/** Of several `Host` headers Node gives the first one only; the raw headers have all. */
function valuesOf(name: string, rawHeaders: readonly string[]): string[] {
  const isName = (text: string): boolean => text.length === name.length && text.toLowerCase() === name;
  return rawHeaders.filter((_, index) => index % 2 === 1 && isName(rawHeaders[index - 1] ?? ''));
}
