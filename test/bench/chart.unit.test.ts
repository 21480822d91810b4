import { expect, it } from 'vitest';
import { chartOf } from './chart.js';
import { measuredOf } from './measured.fixture.js';
import { summarise } from './summary.js';

const rows = summarise([
  measuredOf({ variant: 'inline', cpu: { api: 1_000 } }),
  measuredOf({ variant: 'product', cpu: { api: 1_000, worker: 3_000 } }),
]);

it('draws a bar for each variant, as long as its CPU and in parts by role', () => {
  const svg = chartOf([{ title: 'tiny', rows }]);
  const widths = [...svg.matchAll(/<rect class="(\w+)" x="[\d.]+" y="\d+" width="([\d.]+)" height="18"/g)];
  expect(widths.map(([, role, width]) => [role, Number(width)])).toEqual([
    ['api', 125],
    ['api', 125],
    ['worker', 375],
  ]);
  expect(svg).toContain('>4.00 ms, 4.00 ×<');
  expect(svg).toContain('>1.00 ms<');
});

it('puts one panel below the other', () => {
  const tops = [
    ...chartOf(['a', 'b'].map((title) => ({ title, rows }))).matchAll(/class="title" x="0" y="(\d+)">[ab]</g),
  ];
  const [first = 0, second = 0] = tops.map(([, y]) => Number(y));
  expect(second - first).toBeGreaterThan(2 * 26);
});
