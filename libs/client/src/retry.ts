/** How often and how soon something is retried. Pauses double from `firstMs` up to `maxMs`, with jitter. */
export interface Retry {
  /** Retries in a row, after the first try, that bring nothing new. */
  readonly attempts: number;
  readonly firstMs: number;
  readonly maxMs: number;
}

/** About a minute, and never less than 36 seconds: a server has been restarted by then. */
export const DEFAULT_RETRY: Retry = { attempts: 12, firstMs: 200, maxMs: 10_000 };

/** The server has refused; another try cannot succeed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The server, or a proxy before it, is unavailable for now. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';

  constructor(readonly response: Response) {
    super(`The server answered with ${response.status}.`);
  }
}

/** The server has failed. Another try may succeed. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** The server was not reached or is too busy: the request may be sent again. */
export const isUnavailable = ({ status }: Response): boolean => status === 502 || status === 503 || status === 504;

const TRY_LATER = new Set([408, 429]);

/** The response, if it is the expected one. Rejects with `RefusedError`, or with an error after which a retry makes sense. */
export async function accepted(response: Response): Promise<Response> {
  if (response.status === 200) return response;
  await response.body?.cancel();
  if (isUnavailable(response) || TRY_LATER.has(response.status)) throw new UnavailableError(response);
  if (response.status >= 500) throw new ServerError(`The server answered with ${response.status}.`);
  throw new RefusedError(response.status, `The server answered with ${response.status}.`);
}

/** The pause before retry number `attempt` (from 0): half of it is fixed, half is random, and at least Retry-After. */
export function pauseMs(retry: Retry, attempt: number, error: unknown): number {
  const whole = Math.min(retry.firstMs * 2 ** attempt, retry.maxMs);
  const jittered = whole / 2 + (whole / 2) * Math.random();
  const asked = error instanceof UnavailableError ? retryAfterMs(error.response) : 0;
  return Math.max(jittered, asked);
}

const LONGEST_RETRY_AFTER_MS = 60_000;

/** Seconds or a date; 0 if absent or malformed. */
function retryAfterMs({ headers }: Response): number {
  const given = headers.get('retry-after') ?? '';
  const seconds = Number(given);
  const ms = given === '' ? 0 : Number.isNaN(seconds) ? Date.parse(given) - Date.now() : seconds * 1_000;
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : 0;
}

interface SleepOptions {
  /** In Node: it does not keep the process alive. */
  readonly mayExit?: boolean;
}

/** Waits, in a browser until the network is back at most. Rejects with the signal's reason if it is aborted. */
export function sleep(ms: number, signal: AbortSignal, { mayExit = false }: SleepOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const network = globalThis as { addEventListener?: EventTarget['addEventListener'] } & Partial<EventTarget>;
    const clear = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      network.removeEventListener?.('online', wake);
    };
    const wake = (): void => {
      clear();
      resolve();
    };
    const stop = (): void => {
      clear();
      reject(signal.reason as Error);
    };
    const timer: Timer = setTimeout(wake, ms);
    if (mayExit) timer.unref?.();
    signal.addEventListener('abort', stop);
    network.addEventListener?.('online', wake);
  });
}

type Timer = ReturnType<typeof setTimeout> & { unref?(): void };

/** Retries until it succeeds, is refused, or has failed too often in a row; then rejects with the last error. */
export async function retried<T>(retry: Retry, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RefusedError || attempt >= retry.attempts) throw error;
      await sleep(pauseMs(retry, attempt, error), signal);
    }
  }
}

/** A signal that is never aborted. */
export const never = (): AbortSignal => new AbortController().signal;
