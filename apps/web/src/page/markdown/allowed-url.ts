import { defaultUrlTransform } from 'react-markdown';

const IMAGE_DATA = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** URLs to which an answer may link: no scripts, and data for images only. */
export function allowedUrl(url: string, attribute: string): string {
  return attribute === 'src' && IMAGE_DATA.test(url) ? url : defaultUrlTransform(url);
}

/** Images of other origins are not loaded: their host would learn who reads what. */
export function isOwnImage(url: string, origin: string): boolean {
  return IMAGE_DATA.test(url) || parsed(url, origin)?.origin === origin;
}

/** The host that a URL names; undefined for what is no URL, or has no host. */
export const hostOf = (url: string): string | undefined => parsed(url)?.hostname.replace(/^www\./, '') || undefined;

/** The URL if it is one of the web. */
export function webUrl(url: string): string | undefined {
  const protocol = parsed(url)?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? url : undefined;
}

function parsed(url: string, base?: string): URL | undefined {
  return URL.canParse(url, base) ? new URL(url, base) : undefined;
}
