import { type Measured, total } from './measure.js';
import { ALL_VARIANTS, SCENARIOS, type Variant } from './plan.js';
import { differenceOf, inRounds, ofInstance, type Place, type Ratio, ratioOf } from './rounds.js';
import { median, type Spread } from './stats.js';

/** One variant under one scenario, over both of its instances: medians over the rounds, ratios taken within each round. */
export interface Summary extends Place {
  readonly turns: number;
  readonly bad: number;
  readonly turnsPerSecond: number;
  readonly tokensPerSecond: number;
  /** CPU microseconds a turn. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly cpuTotal: number;
  readonly cpuRange: readonly [number, number];
  readonly cpuPerToken: number;
  readonly benchCpu: Readonly<Record<string, number>>;
  readonly overInline: Ratio | undefined;
  /** The product's CPU over that of this variant. */
  readonly productOver: Ratio | undefined;
  /** The control instance against the first: what they differ by is chance. */
  readonly control: Ratio | undefined;
  readonly ttftMs: Spread;
  readonly ttftOverDirect: number;
  readonly ttftOverInline: Ratio | undefined;
  readonly deltaMs: Spread;
  readonly deltaOverDirect: number;
}

export function summarise(measured: readonly Measured[]): Summary[] {
  return SCENARIOS.flatMap(({ name, tokens }) =>
    ALL_VARIANTS.flatMap((variant) => {
      const group = measured.filter((one) => one.scenario === name && one.variant === variant);
      return group.length > 0 ? [summaryOf(group, { variant, scenario: name }, tokens, measured)] : [];
    }),
  );
}

const cpuOf = (one: Measured): number => total(one.cpu);
const ttftOf = (one: Measured): number => one.ttftMs.p50;
const deltaOf = (one: Measured): number => one.deltaMs.p50;

function summaryOf(group: readonly Measured[], place: Place, tokens: number, all: readonly Measured[]): Summary {
  const beside = (variant: Variant, value: (one: Measured) => number): number[] =>
    inRounds(all, { ...place, variant }, value);
  const of = (value: (one: Measured) => number): number => median(inRounds(group, place, value));
  const sum = (value: (one: Measured) => number): number => group.reduce((before, one) => before + value(one), 0);
  const totals = group.map(cpuOf);
  return {
    ...place,
    turns: sum((one) => one.turns),
    bad: sum((one) => one.bad),
    turnsPerSecond: of((one) => one.turnsPerSecond),
    tokensPerSecond: of((one) => one.tokensPerSecond),
    cpu: byRole(group[0]?.cpu, (role) => of((one) => one.cpu[role] ?? 0)),
    cpuTotal: of(cpuOf),
    cpuRange: [Math.min(...totals), Math.max(...totals)],
    cpuPerToken: of(cpuOf) / tokens,
    benchCpu: byRole(group[0]?.benchCpu, (role) => of((one) => one.benchCpu[role] ?? 0)),
    overInline: ratioOf(inRounds(group, place, cpuOf), beside('inline', cpuOf)),
    productOver: ratioOf(beside('product', cpuOf), inRounds(group, place, cpuOf)),
    control: ratioOf(ofInstance(group, place, true, cpuOf), ofInstance(group, place, false, cpuOf)),
    ttftMs: spread(group, place, (one) => one.ttftMs),
    ttftOverDirect: differenceOf(inRounds(group, place, ttftOf), beside('direct', ttftOf)),
    ttftOverInline: ratioOf(inRounds(group, place, ttftOf), beside('inline', ttftOf)),
    deltaMs: spread(group, place, (one) => one.deltaMs),
    deltaOverDirect: differenceOf(inRounds(group, place, deltaOf), beside('direct', deltaOf)),
  };
}

/** Quantiles are those of each slot; these are the medians of them over the rounds. */
function spread(group: readonly Measured[], place: Place, of: (one: Measured) => Spread): Spread {
  const middle = (key: keyof Spread): number => median(inRounds(group, place, (one) => of(one)[key]));
  return { p50: middle('p50'), p95: middle('p95'), p99: middle('p99') };
}

const byRole = (roles: object | undefined, value: (role: string) => number): Record<string, number> =>
  Object.fromEntries(Object.keys(roles ?? {}).map((role) => [role, value(role)]));
