import type { HttpClient } from './http-client.js';

/** A request would go to a place that is not behind the base URL, because of a name that is part of its path. */
export class OutsideBaseError extends Error {
  override readonly name = 'OutsideBaseError';
}

/**
 * The client, which sends nothing that is not behind its base URL as it is written. Names of models come from callers, and URLs are
 * put together from them, by SDKs as well: this is the last place that sees one before `..` in it is resolved.
 */
export function behindBase(base: string, client: HttpClient): HttpClient {
  return {
    send(request, signal) {
      if (isBehind(base, request.url)) return client.send(request, signal);
      return Promise.reject(new OutsideBaseError(`a request would leave ${base}`));
    },
  };
}

/** `.` and `..`, which URLs resolve in every spelling. */
const DOTS = /^(\.|%2e){1,2}$/i;
/** URLs take a backslash for a slash and leave out line breaks; a fragment ends what is sent. */
const NOT_IN_URLS = /[\\#\p{Cc}]/u;

function isBehind(base: string, url: string): boolean {
  if (!url.startsWith(base)) return false;
  const rest = url.slice(base.length);
  const path = rest.split('?', 1)[0] ?? '';
  if (rest !== '' && !/^[/?]/.test(rest)) return false;
  return !NOT_IN_URLS.test(rest) && !path.split('/').some((segment) => DOTS.test(segment));
}
