import { createHash } from 'node:crypto';
import { AppError, type Idempotency } from '#runtime';
import type { RequestHeaders } from '../http/request-context.js';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The request's own name, if it has one, beside a hash of all that it `says`. The order of names in a body says
 * nothing. Throws `AppError` `request.invalid`.
 */
export function readIdempotency(headers: RequestHeaders, says: unknown): Idempotency | undefined {
  const key = headers[HEADER];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new AppError('request.invalid', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
  return {
    key,
    bodyHash: createHash('sha256')
      .update(JSON.stringify(sorted(says)))
      .digest('hex'),
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, entry]) => [name, sorted(entry)]));
}
