import type { Span } from '@opentelemetry/api';
import { type AuthContext, placeOf, type RunContext } from '#runtime';
import type { ApiConfig } from '../config.js';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

type Settings = Pick<ApiConfig, 'contextHeaders' | 'isSingleUser'>;

/** The part of an HTTP request that assistants may see: its language, and the allowed headers; and whether causes may be shown. */
export function requestContext(
  auth: AuthContext,
  { headers, span }: { readonly headers: RequestHeaders; readonly span?: Span | undefined },
  { contextHeaders, isSingleUser }: Settings,
): RunContext {
  const chosen = contextHeaders.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [];
  });
  return {
    requestId: auth.requestId,
    ...(span && { trace: placeOf(span) }),
    locale: headers['accept-language'] as string | undefined,
    headers: chosen.length > 0 ? Object.fromEntries(chosen) : undefined,
    ...(isSingleUser && { showCauses: true }),
  };
}
