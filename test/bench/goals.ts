import { number } from './against/numbers.js';
import type { Scenario, Variant } from './plan.js';
import type { Summary } from './summary.js';

/** What the numbers are held against; docs/performance.md says why. Those of what was not measured are left out. */
export function goalsOf(rows: readonly Summary[]): string[] {
  const of = (scenario: Scenario['name'], variant: Variant = 'product'): Summary | undefined =>
    rows.find((row) => row.scenario === scenario && row.variant === variant);
  const cpu = (scenario: Scenario['name'], variant: Variant, limit: number): string[] =>
    goal(`CPU, ${scenario}`, of(scenario, variant)?.productOver?.median, limit, `× ${variant}`);
  return [
    cpu('tiny', 'inline', 2.2),
    cpu('tiny', 'naive', 0.9),
    cpu('firehose', 'inline', 1),
    cpu('firehose', 'naive', 0.35),
    cpu('firehose', 'python', 0.12),
    cpu('paced', 'inline', 1.5),
    cpu('paced', 'python', 0.6),
    cpu('light', 'inline', 1.5),
    cpu('light', 'python', 0.6),
    goal('TTFT p50 over direct, light', of('light')?.ttftOverDirect, 5, 'ms'),
    goal('TTFT p50, burst', of('burst')?.ttftMs.p50, 100, 'ms'),
    goal('TTFT p50, burst', of('burst')?.ttftOverInline?.median, 2.5, '× inline'),
    goal('turns and threads that were not exact', sum(rows), 0, ''),
  ].flat();
}

function goal(what: string, value: number | undefined, limit: number, unit: string): string[] {
  if (value === undefined || Number.isNaN(value)) return [];
  return [`${value <= limit ? 'met    ' : 'NOT met'}  ${what}: ${number(value)} ${unit} (goal: at most ${limit})`];
}

const sum = (rows: readonly Summary[]): number => rows.reduce((total, row) => total + row.bad, 0);
