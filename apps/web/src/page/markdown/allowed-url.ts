import { defaultUrlTransform } from 'react-markdown';

const IMAGE_DATA = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

/** URLs to which an answer may link: no scripts, and data for images only. */
export function allowedUrl(url: string, attribute: string): string {
  return attribute === 'src' && IMAGE_DATA.test(url) ? url : defaultUrlTransform(url);
}

/** Images of other origins are not loaded: their host would learn who reads what. */
export function isOwnImage(url: string, origin: string): boolean {
  if (IMAGE_DATA.test(url)) return true;
  try {
    return new URL(url, origin).origin === origin;
  } catch {
    return false;
  }
}
