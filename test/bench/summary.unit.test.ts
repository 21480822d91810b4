import { expect, it } from 'vitest';
import { goalsOf } from './goals.js';
import { measuredOf } from './measured.fixture.js';
import { summaryLines } from './report.js';
import { splitsOf } from './splits.js';
import { summarise } from './summary.js';

const spread = (p50: number) => ({ p50, p95: 2 * p50, p99: 3 * p50 });

/** The product costs three times as much as inline and half as much as Python; its two instances differ by a tenth. */
const measured = [0, 1, 2].flatMap((round) => {
  const slot = (given: Partial<Parameters<typeof measuredOf>[0]>) => measuredOf({ round, scenario: 'light', ...given });
  const slow = 1 + round;
  return [
    slot({ variant: 'direct', ttftMs: spread(1) }),
    slot({ variant: 'inline', ttftMs: spread(2), cpu: { api: 1_000 * slow } }),
    slot({ ttftMs: spread(9), cpu: { api: 1_000 * slow, worker: 1_900 * slow } }),
    slot({ ttftMs: spread(9), cpu: { api: 1_000 * slow, worker: 2_100 * slow }, isControl: true }),
    slot({ variant: 'python', ttftMs: spread(50), cpu: { api: 6_000 * slow } }),
  ];
});

it('takes ratios within each round, over both instances', () => {
  const [, inline, product, python] = summarise(measured);
  expect(product?.overInline?.median).toBeCloseTo(3);
  expect(product?.control?.median).toBeCloseTo(3.1 / 2.9);
  expect(product).toMatchObject({ turns: 60, cpu: { api: 2_000, worker: 4_000 }, cpuTotal: 6_000, ttftOverDirect: 8 });
  expect(product?.cpuPerToken).toBeCloseTo(600);
  expect(inline?.productOver?.median).toBeCloseTo(3);
  expect(python?.productOver?.median).toBeCloseTo(0.5);
  expect(python?.control).toBeUndefined();
});

it('holds what was measured, and only that, against the goals', () => {
  expect(goalsOf(summarise(measured))).toEqual([
    'NOT met  CPU, light: 3.00 × inline (goal: at most 1.5)',
    'met      CPU, light: 0.500 × python (goal: at most 0.6)',
    'NOT met  TTFT p50 over direct, light: 8.00 ms (goal: at most 5)',
    'met      turns and threads that were not exact: 0.000  (goal: at most 0)',
  ]);
});

it('counts what was not exact', () => {
  const wrong = [...measured, measuredOf({ scenario: 'light', bad: 2 })];
  expect(goalsOf(summarise(wrong)).at(-1)).toMatch(/^NOT met .*not exact: 2/);
});

it('has a row for each variant in both tables, and splits only where there is something to split', () => {
  const lines = summaryLines(summarise(measured), splitsOf(measured));
  expect(lines.filter((line) => line.startsWith('| light'))).toHaveLength(8);
  expect(lines.find((line) => /^\| light .* product/.test(line))).toMatch(
    /3\.00 \(3\.00\.\.3\.00\).*1\.07 \(1\.07\.\.1\.07\)/,
  );
  expect(lines.join('\n')).not.toContain('further token');
});
