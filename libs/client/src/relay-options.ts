import { watchPage } from './page-life.js';
import { DEFAULT_RETRY, type Retry } from './retry.js';
import { defaultStorage, RunMemory, type RunStorage } from './run-memory.js';

export type Fetch = typeof globalThis.fetch;

export interface RelayOptions {
  /** Where ChatKit's own requests go, for what is asked before the first of them; `/chatkit` unless told. */
  readonly url?: string | undefined;
  /** The fetch below this one; the global one unless told. */
  readonly fetch?: Fetch | undefined;
  /** Headers for every request to the server, such as `authorization`; a function is asked each time. */
  readonly headers?: HeadersGiven | (() => HeadersGiven | Promise<HeadersGiven>) | undefined;
  /** Where live runs are remembered over a reload; the tab's `sessionStorage` unless told. */
  readonly storage?: RunStorage | undefined;
  /** How often a lost connection is tried again before the stream fails; ten times in about 50 s unless told. */
  readonly retry?: Partial<Retry> | undefined;
  /** A connection that brings nothing for so many milliseconds is given up; 45,000 unless told, 0 for never. */
  readonly silenceMs?: number | undefined;
  /** Whether the page is going away, so that an abort must not stop the answer; found out in a browser unless told. */
  readonly isLeaving?: (() => boolean) | undefined;
}

type HeadersGiven = Readonly<Record<string, string>>;

const SILENCE_MS = 45_000;

/** The options with what they are unless told. */
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
