import { type Lengths, type Split, split } from './against/tally.js';
import { type Measured, total } from './measure.js';
import { ALL_VARIANTS, SCENARIOS, type Scenario, type Variant } from './plan.js';
import { inRounds, ofInstance, type Ratio, ratioOf } from './rounds.js';
import { median } from './stats.js';

/** What a turn costs without its tokens, or what a further token does: CPU in microseconds. */
export interface Part {
  readonly cpu: Readonly<Record<string, number>>;
  readonly cpuTotal: number;
  readonly overInline: Ratio | undefined;
  /** The control instance against the first: what they differ by is chance. */
  readonly control: Ratio | undefined;
}

export interface VariantSplit {
  readonly variant: Variant;
  readonly turn: Part;
  readonly token: Part;
}

/** The line through these two tells turns and tokens apart: they differ by the length of the answer alone. */
const ENDS: Lengths<Scenario['name']> = { short: 'tiny', long: 'firehose' };
const tokensOf = (name: Scenario['name']): number => SCENARIOS.find((one) => one.name === name)?.tokens ?? Number.NaN;
const TOKENS: Lengths<number> = { short: tokensOf(ENDS.short), long: tokensOf(ENDS.long) };

/** Empty unless both ends were measured. */
export function splitsOf(measured: readonly Measured[]): VariantSplit[] {
  return ALL_VARIANTS.filter((variant) => isSplit(measured, variant)).map((variant) => ({
    variant,
    turn: partOf(measured, variant, 'turn'),
    token: partOf(measured, variant, 'token'),
  }));
}

const isSplit = (measured: readonly Measured[], variant: Variant): boolean =>
  Object.values(ENDS).every((name) =>
    measured.some((one) => one.variant === variant && one.scenario === name && total(one.cpu) > 0),
  );

function partOf(measured: readonly Measured[], variant: Variant, key: keyof Split): Part {
  const own = measured.filter((one) => one.variant === variant);
  const of = (rows: readonly Measured[], who: Variant, isControl?: boolean): number[] =>
    splitIn(rows, who, (one) => total(one.cpu), isControl).map((one) => one[key]);
  const roles = Object.keys(own[0]?.cpu ?? {});
  const values = of(own, variant);
  return {
    cpu: Object.fromEntries(
      roles.map((role) => [role, median(splitIn(own, variant, (one) => one.cpu[role] ?? 0).map((one) => one[key]))]),
    ),
    cpuTotal: median(values),
    overInline: ratioOf(values, of(measured, 'inline')),
    control: ratioOf(of(own, variant, true), of(own, variant, false)),
  };
}

/** In every round, by a value that a whole answer has. */
function splitIn(
  measured: readonly Measured[],
  variant: Variant,
  value: (one: Measured) => number,
  isControl?: boolean,
): Split[] {
  const at = (scenario: Scenario['name']): number[] =>
    isControl === undefined
      ? inRounds(measured, { variant, scenario }, value)
      : ofInstance(measured, { variant, scenario }, isControl, value);
  const [short, long] = [at(ENDS.short), at(ENDS.long)];
  return short.map((cost, round) => split({ short: cost, long: long[round] ?? Number.NaN }, TOKENS));
}
