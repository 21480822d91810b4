import { parseHost } from './host.js';

/** Any scheme: pages of apps and browser extensions have their own, such as `capacitor://localhost`. */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/]+)\/?$/i;

/** Schemes whose pages say nothing about who made them: all files of a machine have the same origin. */
const ANONYMOUS = new Set(['about', 'blob', 'data', 'file', 'javascript']);

/**
 * An origin in the form in which browsers send it: lower case, without the scheme's default port and without a final slash.
 * Undefined for what is none, and for `null`, which stands for pages of any maker.
 */
export function parseOrigin(text: string): string | undefined {
  const [, scheme = '', authority = ''] = ORIGIN.exec(text) ?? [];
  if (parseHost(authority) === undefined || ANONYMOUS.has(scheme.toLowerCase())) return undefined;
  if (!/^https?$/i.test(scheme)) return `${scheme}://${authority}`.toLowerCase();
  return new URL(text).origin;
}

/**
 * Whether an origin is the one of a server that was addressed by this host. The scheme is not compared: behind a proxy with
 * TLS the server does not see it.
 */
export function isOriginOfHost(origin: string, host: string): boolean {
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return parseHost(host) !== undefined && URL.canParse(asked) && new URL(asked).host === own;
}
