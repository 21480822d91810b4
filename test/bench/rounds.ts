import type { Measured } from './measure.js';
import type { Scenario, Variant } from './plan.js';
import { median } from './stats.js';

type Value = (one: Measured) => number;

/** What is compared: a variant under a scenario. */
export interface Place {
  readonly variant: Variant;
  readonly scenario: Scenario['name'];
}

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** A number in every round: the mean over the instances of the variant. */
export function inRounds(measured: readonly Measured[], { variant, scenario }: Place, value: Value): number[] {
  const own = measured.filter((one) => one.variant === variant && one.scenario === scenario);
  return roundsOf(measured).map((round) => mean(own.filter((one) => one.round === round).map(value)));
}

/** The same of one instance: NaN where there is none. */
export function ofInstance(measured: readonly Measured[], place: Place, isControl: boolean, value: Value): number[] {
  return inRounds(
    measured.filter((one) => one.isControl === isControl),
    place,
    value,
  );
}

/** Taken within each round, so that what slows a whole round down does not matter. */
export function ratioOf(above: readonly number[], below: readonly number[]): Ratio | undefined {
  const ratios = above.map((value, round) => value / (below[round] ?? Number.NaN)).filter(Number.isFinite);
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

export const differenceOf = (values: readonly number[], others: readonly number[]): number =>
  median(values.map((value, round) => value - (others[round] ?? Number.NaN)));

const roundsOf = (measured: readonly Measured[]): number[] => [...new Set(measured.map(({ round }) => round))];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
