import type { AuthContext, RunContext } from '#runtime';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The part of an HTTP request that assistants may see: its language, and the allowed headers. */
export function requestContext(auth: AuthContext, headers: RequestHeaders, allowed: readonly string[]): RunContext {
  const chosen = allowed.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [];
  });
  return {
    requestId: auth.requestId,
    locale: headers['accept-language'] as string | undefined,
    headers: chosen.length > 0 ? Object.fromEntries(chosen) : undefined,
  };
}
