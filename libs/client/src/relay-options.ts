import { watchPage } from './page-life.js';
import { DEFAULT_RETRY, type Retry } from './retry.js';
import { defaultStorage, RunMemory, type RunStorage } from './run-memory.js';

export type Fetch = typeof globalThis.fetch;

export interface RelayOptions {
  /** URL of the protocol endpoint, needed for requests before ChatKit's first one; default `/chatkit`. */
  readonly url?: string | undefined;
  /** The fetch to call; default the global one. */
  readonly fetch?: Fetch | undefined;
  /** Headers for every request to the server, such as `authorization`; a function is called for each request. */
  readonly headers?: HeadersGiven | (() => HeadersGiven | Promise<HeadersGiven>) | undefined;
  /** Where live runs are stored so that they survive a reload; default the tab's `sessionStorage`. */
  readonly storage?: RunStorage | undefined;
  /** How often a lost connection is retried before the stream fails; default ten times in about 50 s. */
  readonly retry?: Partial<Retry> | undefined;
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
  readonly fetch: Fetch;
  readonly headers: () => HeadersGiven | Promise<HeadersGiven>;
  readonly memory: RunMemory;
  readonly retry: Retry;
  readonly silenceMs: number;
  readonly isLeaving: () => boolean;
}

export function relaySettings(options: RelayOptions): RelaySettings {
  const { headers = {} } = options;
  return {
    url: options.url ?? '/chatkit',
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    headers: typeof headers === 'function' ? headers : () => headers,
    memory: new RunMemory(options.storage ?? defaultStorage()),
    retry: { ...DEFAULT_RETRY, ...options.retry },
    silenceMs: options.silenceMs ?? SILENCE_MS,
    isLeaving: options.isLeaving ?? watchPage(),
  };
}
