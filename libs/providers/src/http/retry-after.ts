import type { IncomingHttpHeaders } from 'node:http';

/**
 * How long the server asks us to wait, in milliseconds from `now` (epoch milliseconds), 0 and up. Reads `retry-after-ms`
 * (OpenAI, Azure) and `Retry-After` as seconds or date (RFC 9110, 10.2.3); undefined when there is neither, or nonsense.
 */
export function retryAfterMs(headers: IncomingHttpHeaders, now: number): number | undefined {
  const precise = Number(headers['retry-after-ms']);
  // Azure sends 0 here and whole seconds in the other header: then the seconds count.
  if (precise > 0) return precise;
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1_000 : undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
