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

/** About a quarter above what was counted. Lower a limit when a change has made its work less; raise one only with a reason. */
export const GUARDED_SHAPES: readonly GuardedShape[] = [
  {
    name: 'single',
    concurrency: 1,
    delayMs: 0,
    tokens: { short: 2, long: 200 },
    limits: {
      'Redis commands': { turn: 95, token: 0.2 },
      'SQL statements': { turn: 6, token: 0.02 },
      'socket writes': { turn: 26, token: 0.1 },
      'heap bytes': { turn: 1_300_000, token: 5_000 },
    },
  },
  {
    name: 'firehose',
    concurrency: 20,
    delayMs: 0,
    tokens: { short: 2, long: 200 },
    limits: {
      'Redis commands': { turn: 78, token: 0.2 },
      'SQL statements': { turn: 4, token: 0.02 },
      'socket writes': { turn: 20, token: 0.1 },
      'heap bytes': { turn: 900_000, token: 5_000 },
    },
  },
  {
    name: 'light',
    concurrency: 5,
    delayMs: 5,
    tokens: { short: 2, long: 42 },
    limits: {
      'Redis commands': { turn: 90, token: 2.5 },
      'SQL statements': { turn: 6, token: 0.02 },
      'socket writes': { turn: 26, token: 4 },
    },
  },
];

/** Bytes for each turn of the whole run, right after its end: the merged logs of the last minute and the jobs are in it. */
export const HELD_LIMITS = { 'bytes of Redis held a turn': 9_000, 'bytes of WAL a turn': 10_500 } as const;
