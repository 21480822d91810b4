declare module 'proxy-from-env' {
  /** By HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in small letters or capitals; empty: none. */
  export function getProxyForUrl(url: string): string;
}
