import { median } from '../stats.js';
import { compare, type Comparison, type Rounds } from './compare.js';
import type { Length, Shape, Side } from './plan.js';
import { CPU, type Measurement, type Sample } from './samples.js';
import { type Lengths, type Split, split, sumOf, type Tally } from './tally.js';

/** One number of both builds, compared: of a group, or of one of its parts. */
export interface Finding {
  readonly group: string;
  readonly part: string | undefined;
  readonly comparison: Comparison;
}

/** The same number for a turn without its tokens, and for each token. */
export interface SplitFinding {
  readonly shape: Shape;
  readonly group: string;
  readonly part: string | undefined;
  readonly turn: Comparison;
  readonly token: Comparison;
}

export interface Findings {
  readonly boots: readonly Finding[];
  /** A second without load. */
  readonly rest: readonly Finding[];
  readonly times: readonly SplitFinding[];
  readonly counts: readonly SplitFinding[];
}

/** Smaller differences are none, whatever the spread is: as a share of what a whole turn takes of that group. */
const LEAST_OF_TIMES = 0.05;
const LEAST_OF_COUNTS = 0.02;
/** What is done every two seconds falls into eight seconds four or five times. */
export const LEAST_AT_REST = 0.25;

export function findingsOf(measurements: readonly Measurement[], leastShare = LEAST_OF_TIMES): Finding[] {
  return partsOf(measurements).map(({ group, part }) => {
    const values = (side: Side, of: string | undefined): number[] =>
      measurements.filter((one) => one.side === side).map(({ cost }) => valueOf(cost, group, of));
    const least = leastShare * median(values('other', undefined));
    return {
      group,
      part,
      comparison: compare(
        bySide((side) => values(side, part)),
        least,
      ),
    };
  });
}

export function splitFindings(samples: readonly Sample[], shapes: readonly Shape[]): SplitFinding[] {
  return shapes.flatMap((shape) => {
    const own = samples.filter((sample) => sample.shape === shape.name);
    return partsOf(own).map(({ group, part }) => ({ shape, group, part, ...compareSplit(own, shape, group, part) }));
  });
}

function compareSplit(samples: readonly Sample[], shape: Shape, group: string, part: string | undefined) {
  const splits = bySide((side) => splitsOf(samples, side, shape, (cost) => valueOf(cost, group, part)));
  const whole = (length: Length): number =>
    median(samples.filter(isOf('other', length)).map(({ cost }) => valueOf(cost, group, undefined)));
  const share = group === CPU ? LEAST_OF_TIMES : LEAST_OF_COUNTS;
  return {
    turn: compare(only(splits, 'turn'), share * whole('short')),
    token: compare(only(splits, 'token'), (share * whole('long')) / shape.tokens.long),
  };
}

function splitsOf(
  samples: readonly Sample[],
  side: Side,
  shape: Shape,
  value: (cost: Tally) => number,
): readonly Split[] {
  const short = samples.filter(isOf(side, 'short'));
  const long = samples.filter(isOf(side, 'long'));
  return short.map(({ cost, round }) => {
    const other = long.find((sample) => sample.round === round);
    const costs: Lengths<number> = { short: value(cost), long: other ? value(other.cost) : Number.NaN };
    return split(costs, shape.tokens);
  });
}

const isOf = (side: Side, length: Length) => (sample: Sample) => sample.side === side && sample.length === length;

const bySide = <T>(values: (side: Side) => T): Record<Side, T> => ({
  this: values('this'),
  other: values('other'),
  control: values('control'),
});

function only(splits: Record<Side, readonly Split[]>, key: keyof Split): Rounds {
  return bySide((side) => splits[side].map((one) => one[key]));
}

function valueOf(cost: Tally, group: string, part: string | undefined): number {
  const parts = cost[group] ?? {};
  return part === undefined ? sumOf(parts) : (parts[part] ?? 0);
}

/** Each group as a whole, then its parts. */
function partsOf(costs: readonly { readonly cost: Tally }[]): { group: string; part: string | undefined }[] {
  const groups = new Map<string, Set<string | undefined>>();
  for (const { cost } of costs)
    for (const [group, parts] of Object.entries(cost)) {
      const known = groups.get(group) ?? new Set([undefined]);
      for (const part of Object.keys(parts)) known.add(part);
      groups.set(group, known);
    }
  return [...groups].flatMap(([group, parts]) => [...parts].map((part) => ({ group, part })));
}
