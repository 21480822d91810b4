import { getProxyForUrl } from 'proxy-from-env';

/** The proxy for a URL, by the process's environment. */
export const proxyOf = (url: string): string | undefined => getProxyForUrl(url) || undefined;
