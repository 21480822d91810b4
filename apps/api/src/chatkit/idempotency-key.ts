import { createHash } from 'node:crypto';
import { AppError } from '#runtime';
import type { Idempotency } from '#runtime/api';
import type { RequestHeaders } from '../http/request-context.js';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;
/** In characters of JSON. */
const MAX_SORTED = 64 * 1024;

/**
 * The idempotency key of a request, if it has one, with a hash of its `content`. The order of an object's members does not
 * matter, unless the content is long: sorting very many takes a second. Throws `AppError` `request.invalid`.
 */
export function readIdempotency(headers: RequestHeaders, content: unknown): Idempotency | undefined {
  const key = headers[HEADER];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new AppError(
      'request.invalid',
      'Idempotency-Key must be 1 to 255 visible ASCII characters (limit idempotency.key).',
    );
  }
  const text = JSON.stringify(content);
  const compared = text.length > MAX_SORTED ? text : JSON.stringify(sorted(content));
  return { key, bodyHash: createHash('sha256').update(compared).digest('hex') };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, entry]) => [name, sorted(entry)]));
}
