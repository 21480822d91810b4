import type { Spread } from './stats.js';

/** How an answer is asked for and read. */
export type Wire = 'openai' | 'chatkit';

export interface Target {
  readonly wire: Wire;
  readonly url: string;
}

/** What the bench asks of the load client. */
export type ClientOrder =
  | {
      readonly type: 'run';
      readonly target: Target;
      readonly concurrency: number;
      readonly tokens: number;
      readonly delayMs: number;
      /** The readers begin one after the other, over so long. */
      readonly staggerMs: number;
      /** Each reader begins further turns for so long; 0: it asks once. */
      readonly durationMs: number;
      /** Goes on for as many turns, but at most five times as long: a busy machine makes few in the time. */
      readonly leastTurns: number;
    }
  /** Reads threads of the last run back from the product's store. */
  | { readonly type: 'verify'; readonly target: Target; readonly sample: number };

export interface RunReport {
  readonly turns: number;
  /** Turns whose whole answer came at once, from the run log, because their reader was too late for its deltas. */
  readonly caughtUp: number;
  readonly tokens: number;
  readonly elapsedMs: number;
  readonly ttftMs: Spread;
  readonly deltaMs: Spread;
  /** Of the text of each turn that was exact. */
  readonly digests: readonly string[];
  /** One line for each turn that was not. */
  readonly faults: readonly string[];
}

export interface VerifyReport {
  readonly checked: number;
  readonly faults: readonly string[];
}

/** What the bench asks of the provider: digests of the texts that it has sent in full since it was asked last. */
export interface ProviderOrder {
  readonly type: 'digests';
}

export interface ProviderReport {
  readonly digests: readonly string[];
}

/** The header that names the user of a request to the product. */
export const USER_HEADER = 'x-bench-user';

/**
 * The key of the tokens that every request carries beside the header, so that a side may take either:
 * `--set AUTH_MODE=jwt --set AUTH_USER_HEADER= --set AUTH_JWT_SECRET=<this>`.
 */
export const TOKEN_SECRET = 'the-benchmark-signs-its-tokens-with-these-bytes';

/** What the bench asks of an API or a worker that runs with counting.ts. */
export interface CountOrder {
  readonly type: 'bench.count';
}

/** All of it since the process began. */
export interface ProcessCounts {
  /** Writes to sockets, by who is at the other end. */
  readonly writes: Readonly<Record<string, number>>;
  /** SQL statements by their text. */
  readonly statements: Readonly<Record<string, number>>;
  /** Allocated on the JavaScript heap. */
  readonly heapBytes: number;
}
