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

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const UNIT = String.raw`(\d+(?:\.\d+)?)\s*(ms|milliseconds?|hours?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])`;
const DURATION = new RegExp(`^(?:${UNIT}\\s*)+$`, 'i');

/** A duration as providers write them, `34.07s`, `6m0s`, `20ms` or `10 seconds`, in milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  if (!DURATION.test(text.trim())) return undefined;
  const parts = [...text.matchAll(new RegExp(UNIT, 'gi'))];
  return Math.ceil(
    parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_MS[unitOf(unit)] ?? 0), 0),
  );
}

function unitOf(word: string): string {
  const unit = word.toLowerCase();
  return unit === 'ms' || unit.startsWith('milli') ? 'ms' : unit.slice(0, 1);
}

/** "Please try again in 1.2s", "Please retry after 10 seconds", "try again after 1 seconds": OpenAI, Groq, Azure, Gemini, Kimi. */
const ASKED_WAIT = new RegExp(String.raw`(?:try again|retry)(?: again)? (?:in|after) ((?:${UNIT}\s*)+)`, 'i');

/** How long a message asks to wait, in milliseconds; undefined where it does not. */
export function waitInMessage(message: string): number | undefined {
  const [, duration] = ASKED_WAIT.exec(message) ?? [];
  return duration === undefined ? undefined : durationMs(duration);
}
