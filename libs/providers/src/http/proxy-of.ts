/**
 * The URL of the HTTP proxy through which requests to a URL go, credentials and all; undefined: none. A connection asks for
 * `https:` and `http:` URLs only.
 */
export type ProxyOf = (url: string) => string | undefined;

/** What adapters accept besides the fields of their config schemas. */
export interface Outgoing {
  /** Through which proxy the provider is reached; by default through none. */
  readonly proxyOf?: ProxyOf | undefined;
  /** Headers of every request besides, as they are when it is sent; those of the entry take precedence. */
  readonly headersNow?: (() => Readonly<Record<string, string>>) | undefined;
}

/** The entry's own setting (a URL, or false for none) takes precedence over the general one. */
export function proxyOf(entry: string | false | undefined, around: ProxyOf | undefined): ProxyOf {
  if (entry === undefined) return around ?? (() => undefined);
  return () => entry || undefined;
}
