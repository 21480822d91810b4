/**
 * The URL of the HTTP proxy through which requests to a URL go, credentials and all; undefined: none. A connection asks for
 * `https:` and `http:` URLs only.
 */
export type ProxyOf = (url: string) => string | undefined;

/** What adapters take beside what their config schemas say. */
export interface Outgoing {
  /** Through which proxy the provider is reached; by default through none. */
  readonly proxyOf?: ProxyOf | undefined;
}

/** What an entry says (a URL, or false for none) goes before what holds around it. */
export function proxyOf(entry: string | false | undefined, around: ProxyOf | undefined): ProxyOf {
  if (entry === undefined) return around ?? (() => undefined);
  return () => entry || undefined;
}
