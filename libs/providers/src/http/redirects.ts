import type { HttpClient, HttpRequest, HttpResponse } from './http-client.js';

/** More in a row are a loop, or a mistake. */
const MAX_REDIRECTS = 3;

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The client, which follows redirects to its own scheme, host and port: at most 3 in a row, with method, headers and body unchanged.
 * Any other would take the key to a place that the operator has not named, and is handed back.
 */
export function withRedirects(client: HttpClient): HttpClient {
  return {
    async send(request, signal) {
      let asked = request;
      for (let followed = 0; ; followed++) {
        const response = await client.send(asked, signal);
        const url = followed < MAX_REDIRECTS ? ownTarget(asked, response) : undefined;
        if (url === undefined) return response;
        response.release(true);
        asked = { ...asked, url };
      }
    },
  };
}

/** What is wrong with a redirect that was not followed; undefined for a response that is none. */
export function redirectProblem(
  url: string,
  { status, headers }: Pick<HttpResponse, 'status' | 'headers'>,
): string | undefined {
  if (!STATUSES.has(status)) return undefined;
  const target = targetOf(url, headers.location);
  if (!target) return `HTTP ${status}: a redirect without a valid location`;
  const { origin } = new URL(url);
  if (target.origin === origin)
    return `HTTP ${status}: more than ${MAX_REDIRECTS} redirects in a row, the last to ${target.pathname}`;
  return `HTTP ${status}: redirected from ${origin} to ${target.origin}, which is not followed; if that is where the API is, set baseUrl to it`;
}

function ownTarget({ url }: HttpRequest, { status, headers }: HttpResponse): string | undefined {
  const target = STATUSES.has(status) ? targetOf(url, headers.location) : undefined;
  return target && target.origin === new URL(url).origin ? target.href : undefined;
}

function targetOf(url: string, location: string | undefined): URL | undefined {
  return location === undefined || !URL.canParse(location, url) ? undefined : new URL(location, url);
}
