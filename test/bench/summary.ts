import { type Measured, total } from './measure.js';
import { type Scenario, SCENARIOS, type Variant, VARIANTS } from './plan.js';
import { median } from './stats.js';

type Row = Measured & { readonly cpuTotal: number };

/** One variant under one scenario: medians over the rounds, and ratios that were taken within each round. */
export interface Summary {
  readonly scenario: Scenario['name'];
  readonly variant: Variant;
  readonly turns: number;
  readonly bad: number;
  readonly turnsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly cpu: Readonly<Record<string, number>>;
  readonly cpuTotal: number;
  readonly cpuRange: readonly [number, number];
  readonly benchCpu: Readonly<Record<string, number>>;
  readonly cpuOverInline: number;
  readonly ttftP50: number;
  readonly ttftP99: number;
  readonly ttftOverDirect: number;
  readonly deltaP50: number;
  readonly deltaP99: number;
  readonly deltaOverDirect: number;
}

export function summarise(measured: readonly Measured[]): Summary[] {
  const rows = measured.map((one) => ({
    ...one,
    cpuTotal: total(one.cpu),
  }));
  return SCENARIOS.flatMap(({ name }) =>
    VARIANTS.map((variant) => rows.filter((row) => row.scenario === name && row.variant === variant))
      .filter((group) => group.length > 0)
      .map((group) => summaryOf(group, rows)),
  );
}

function summaryOf(group: readonly Row[], all: readonly Row[]): Summary {
  const over = (variant: Variant, compare: (row: Row, other: Row) => number): number =>
    median(group.flatMap((row) => all.filter(besides(row, variant)).map((other) => compare(row, other))));
  const of = (value: (row: Row) => number): number => median(group.map(value));
  const [first] = group;
  if (!first) throw new Error('a group without rows');
  const totals = group.map((row) => row.cpuTotal);
  return {
    scenario: first.scenario,
    variant: first.variant,
    turns: group.reduce((sum, row) => sum + row.turns, 0),
    bad: group.reduce((sum, row) => sum + row.bad, 0),
    turnsPerSecond: of((row) => row.turnsPerSecond),
    tokensPerSecond: of((row) => row.tokensPerSecond),
    cpu: byRole(first.cpu, (role) => of((row) => row.cpu[role] ?? 0)),
    cpuTotal: median(totals),
    cpuRange: [Math.min(...totals), Math.max(...totals)],
    benchCpu: byRole(first.benchCpu, (role) => of((row) => row.benchCpu[role] ?? 0)),
    cpuOverInline: over('inline', (row, inline) => row.cpuTotal / inline.cpuTotal),
    ttftP50: of((row) => row.ttftMs.p50),
    ttftP99: of((row) => row.ttftMs.p99),
    ttftOverDirect: over('direct', (row, direct) => row.ttftMs.p50 - direct.ttftMs.p50),
    deltaP50: of((row) => row.deltaMs.p50),
    deltaP99: of((row) => row.deltaMs.p99),
    deltaOverDirect: over('direct', (row, direct) => row.deltaMs.p50 - direct.deltaMs.p50),
  };
}

const besides = (row: Row, variant: Variant) => (other: Row) =>
  other.variant === variant && other.scenario === row.scenario && other.round === row.round;

const byRole = (roles: object, value: (role: string) => number): Record<string, number> =>
  Object.fromEntries(Object.keys(roles).map((role) => [role, value(role)]));
