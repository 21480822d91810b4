import type { Target } from '../messages.js';
import type { Spread } from '../stats.js';
import type { Load } from '../turn.js';

/** One request. With `answer` it is a turn, whose text is checked; else its reply is read to the end. */
export interface Call {
  readonly user: string;
  readonly body: unknown;
  readonly answer?: Load;
}

/** What the growth series ask of their client. */
export type GrowthOrder =
  /** One call after the other. */
  | { readonly type: 'calls'; readonly target: Target; readonly calls: readonly Call[] }
  /** Opens more streams, which stay open, and waits for the first token of each. */
  | {
      readonly type: 'open';
      readonly target: Target;
      readonly count: number;
      readonly staggerMs: number;
      readonly load: Load;
    }
  /** What came on the open streams since the last order. */
  | { readonly type: 'watch' };

export interface CallsReport {
  readonly calls: number;
  /** Of turns: until the first token; of other calls: until the reply has ended. */
  readonly ms: Spread;
  readonly bytes: number;
  readonly faults: readonly string[];
}

export interface OpenReport {
  readonly ttftMs: Spread;
  readonly faults: readonly string[];
}

export interface WatchReport {
  /** Streams that have had a token and have neither ended nor failed. */
  readonly open: number;
  readonly tokens: number;
  readonly deltaMs: Spread;
  readonly faults: readonly string[];
}

/** What the bench asks of an API or a worker that runs with collecting.ts. */
export interface CollectOrder {
  readonly type: 'bench.collect';
}

export interface CollectReport {
  /** What JavaScript holds when its garbage is gone: the heap, and the buffers beside it. */
  readonly heldBytes: number;
}
