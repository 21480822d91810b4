import { RequestError } from './request-error.js';

/** Nothing that is only read takes longer, unless something is down. */
export const LIMIT_MS = 15_000;

/** Reads with a limit: where a network loses what is sent without a word, a request would last for minutes, or for ever. */
export async function inTime<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const { signal } = limit;
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new RequestError(0, `No answer came within ${LIMIT_MS / 1_000} s.`)));
  });
  const timer = setTimeout(() => limit.abort(), LIMIT_MS);
  try {
    return await Promise.race([late, read(signal)]);
  } finally {
    clearTimeout(timer);
  }
}
