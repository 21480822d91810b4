import { split, sumOf, type Lengths, type Tally } from '../against/tally.js';
import type { GuardedShape } from './limits.js';

/** One line of the verdict. */
export interface Row {
  readonly name: string;
  /** NaN where nothing was counted: a counter that is missing says nothing about its limit. */
  readonly counted: number;
  readonly limit: number;
}

export const isMissing = ({ counted }: Row): boolean => Number.isNaN(counted);

export const isOver = (row: Row): boolean => isMissing(row) || row.counted > row.limit;

/** `cost`: of one turn, by its length. */
export function rowsOf(shape: Pick<GuardedShape, 'name' | 'concurrency' | 'tokens' | 'limits'>, cost: Lengths<Tally>) {
  return Object.entries(shape.limits).flatMap(([what, limit]): Row[] => {
    const counts = { short: countOf(cost.short, what), long: countOf(cost.long, what) };
    const { turn, token } = split(counts, shape.tokens);
    const name = `${shape.name}, ${shape.concurrency} at once: ${what}`;
    return [
      { name: `${name} a turn`, counted: turn, limit: limit.turn },
      { name: `${name} a token`, counted: token, limit: limit.token },
    ];
  });
}

function countOf(cost: Tally, what: string): number {
  const parts = cost[what] ?? {};
  return Object.keys(parts).length === 0 ? NaN : sumOf(parts);
}
