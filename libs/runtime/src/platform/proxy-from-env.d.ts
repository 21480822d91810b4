declare module 'proxy-from-env' {
  /** By HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in lower or upper case; empty: no proxy. */
  export function getProxyForUrl(url: string): string;
}
