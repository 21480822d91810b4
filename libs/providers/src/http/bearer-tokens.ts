import type { HttpClient } from './http-client.js';

/** Tokens that expire, by which one server knows us. */
export interface BearerTokens {
  /** One that is valid now. @throws ProviderError when there is none to be had */
  current(): Promise<string>;
  /** The server no longer accepts this one. @returns whether another one may be better */
  refused(token: string): boolean;
}

/**
 * Adds a token to every request that has no `authorization` of its own. A token that is refused although it should be valid (it
 * was revoked, or clocks differ) is replaced once.
 */
export function withTokens(client: HttpClient, tokens: BearerTokens): HttpClient {
  return {
    async send(request, signal) {
      if ('authorization' in request.headers) return client.send(request, signal);
      const sendWith = (token: string) =>
        client.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
      const token = await tokens.current();
      const response = await sendWith(token);
      if (response.status !== 401 || !tokens.refused(token)) return response;
      response.release(true);
      return sendWith(await tokens.current());
    },
  };
}
