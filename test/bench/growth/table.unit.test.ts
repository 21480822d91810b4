import { expect, it } from 'vitest';
import { grownTable } from './table.js';

const sample = (label: string, value: number, base: number) => ({ label, kind: 'turn, CPU ms', value, base });

it('compares each size within its rounds, so that a slow round does not matter', () => {
  const lines = grownTable('small', [
    sample('small again', 5, 5),
    sample('small again', 11, 10),
    sample('large', 10, 5),
    sample('large', 30, 10),
  ]);
  expect(lines[0]).toMatch(/^\| +\| small \| small again +\| large +\|$/);
  expect(lines[2]).toBe('| turn, CPU ms | 7.50  | 8.00, × 1.05 (1.00..1.10) | 20.0, × 2.50 (2.00..3.00) |');
});

it('has no ratio where nothing was measured', () => {
  const lines = grownTable('small', [{ label: 'large', kind: 'turn, CPU ms', value: Number.NaN, base: 1 }]);
  expect(lines[2]).toMatch(/\| 1\.00 +\| - +\|$/);
});
