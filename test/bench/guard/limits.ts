import type { Shape } from '../against/plan.js';

/** What may be counted for a turn without its tokens, and for each further token. */
export interface Limit {
  readonly turn: number;
  readonly token: number;
}

export interface GuardedShape extends Shape {
  /** By what is counted, as `readCounts` names it. */
  readonly limits: Readonly<Record<string, Limit>>;
}

/**
 * Up to a half above what was counted, but for statements below one more a turn, unless it shares its round trip with those of other
 * turns. Lower a limit when a change has made its work less; raise one only with a reason.
 */
export const GUARDED_SHAPES: readonly GuardedShape[] = [
  {
    name: 'single',
    concurrency: 1,
    delayMs: 0,
    tokens: { short: 2, long: 200 },
    limits: {
      'Redis commands': { turn: 88, token: 0.2 },
      'SQL statements': { turn: 4.8, token: 0.02 },
      'socket writes': { turn: 24, token: 0.1 },
      'heap bytes': { turn: 1_000_000, token: 4_200 },
    },
  },
  {
    name: 'firehose',
    concurrency: 20,
    delayMs: 0,
    tokens: { short: 2, long: 200 },
    limits: {
      'Redis commands': { turn: 72, token: 0.2 },
      'SQL statements': { turn: 2.5, token: 0.02 },
      'socket writes': { turn: 11, token: 0.1 },
      'heap bytes': { turn: 800_000, token: 4_500 },
    },
  },
  {
    name: 'light',
    concurrency: 5,
    delayMs: 5,
    tokens: { short: 2, long: 42 },
    limits: {
      'Redis commands': { turn: 75, token: 3 },
      'SQL statements': { turn: 4, token: 0.06 },
      'socket writes': { turn: 18, token: 4 },
    },
  },
];

/** Bytes for each turn of the whole run, right after its end: the merged logs of the last minute and the jobs are in it. */
export const HELD_LIMITS = { 'bytes of Redis held a turn': 8_000, 'bytes of WAL a turn': 9_000 } as const;
