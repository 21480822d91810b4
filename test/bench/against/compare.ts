import { median } from '../stats.js';

/** One number in every round, of this build, of the other, and of this build again. */
export interface Rounds {
  readonly this: readonly number[];
  readonly other: readonly number[];
  readonly control: readonly number[];
}

export type Verdict = 'same' | 'higher' | 'lower';

export interface Comparison {
  /** Medians: of this build over both of its instances. */
  readonly this: number;
  readonly other: number;
  /** The median over the rounds of what this build costs more than the other. */
  readonly more: number;
  /** What the two instances of this build differed by, at most. */
  readonly spread: number;
  /** 1 + more / other; undefined where the other's number is too small beside the spread. */
  readonly ratio: number | undefined;
  /** What this build is, beside the other; `same` within the spread, or within `least`. */
  readonly verdict: Verdict;
}

/** `least`: no smaller difference is called one, however small the spread is. */
export function compare(rounds: Rounds, least: number): Comparison {
  const pairs = rounds.this.map((value, round) => ({
    this: (value + at(rounds.control, round)) / 2,
    apart: Math.abs(value - at(rounds.control, round)),
    other: at(rounds.other, round),
  }));
  const other = median(rounds.other);
  const more = median(pairs.map((pair) => pair.this - pair.other));
  const spread = Math.max(...pairs.map((pair) => pair.apart));
  const tolerance = Math.max(spread, least);
  return {
    this: median(pairs.map((pair) => pair.this)),
    other,
    more,
    spread,
    ratio: other > tolerance ? 1 + more / other : undefined,
    verdict: verdictOf(more, tolerance),
  };
}

const at = (values: readonly number[], round: number): number => values[round] ?? Number.NaN;

function verdictOf(more: number, tolerance: number): Verdict {
  if (Math.abs(more) <= tolerance) return 'same';
  return more > 0 ? 'higher' : 'lower';
}
