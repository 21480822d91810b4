import { watchPage } from './page-life.js';
import { DEFAULT_RETRY, type Retry } from './retry.js';
import { defaultStorage, type RunStorage } from './run-memory.js';

export type Fetch = typeof globalThis.fetch;

export interface RelayOptions {
  /** URL of the protocol endpoint, needed for requests before ChatKit's first one; default `/chatkit`. */
  readonly url?: string | undefined;
  /** The fetch to call; default the global one, which may be replaced at any time, also by the shim. */
  readonly fetch?: Fetch | undefined;
  /** Whether cookies are sent, for requests that do not say so themselves; `include` for a server of another origin. */
  readonly credentials?: RequestInit['credentials'];
  /** Headers for every request to the server, such as `authorization`; a function is called for each try. */
  readonly headers?: HeadersGiven | (() => HeadersGiven | Promise<HeadersGiven>) | undefined;
  /** Where live runs are stored so that they survive a reload; default the tab's `sessionStorage`. */
  readonly storage?: RunStorage | undefined;
  /** How often a message that was not accepted, or a lost connection, is retried; default for about a minute. */
  readonly retry?: Partial<Retry> | undefined;
  /** The same for messages alone, for a page that keeps them and offers to send them again; default `retry`. */
  readonly sendRetry?: Partial<Retry> | undefined;
  /** A connection without data for so many milliseconds is closed; default 45,000; 0 for never. */
  readonly silenceMs?: number | undefined;
  /** Whether the page is being left, so that an abort must not stop the answer; detected in browsers by default. */
  readonly isLeaving?: (() => boolean) | undefined;
}

type HeadersGiven = Readonly<Record<string, string>>;

const SILENCE_MS = 45_000;

/** The options with their defaults. */
export interface RelaySettings {
  readonly url: string;
  readonly fetch: Fetch | undefined;
  readonly credentials: RequestInit['credentials'];
  readonly headers: () => HeadersGiven | Promise<HeadersGiven>;
  readonly storage: RunStorage;
  readonly retry: Retry;
  readonly sendRetry: Retry;
  readonly silenceMs: number;
  readonly isLeaving: () => boolean;
}

export function relaySettings(options: RelayOptions): RelaySettings {
  const { headers = {} } = options;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  return {
    url: options.url ?? '/chatkit',
    fetch: options.fetch,
    credentials: options.credentials,
    headers: typeof headers === 'function' ? headers : () => headers,
    storage: options.storage ?? defaultStorage(),
    retry,
    sendRetry: { ...retry, ...options.sendRetry },
    silenceMs: options.silenceMs ?? SILENCE_MS,
    isLeaving: options.isLeaving ?? watchPage(),
  };
}
