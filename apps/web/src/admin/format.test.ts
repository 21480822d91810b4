import { expect, it } from 'vitest';
import { cost, duration } from './format.js';

it.each([
  [null, '–'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1.0 s'],
  [61_000, '1 min 1 s'],
  [3_660_000, '1 h 1 min'],
  [90_000_000, '1 d 1 h'],
])('%s ms are written as %s', (ms, written) => {
  expect(duration(ms)).toBe(written);
});

it('costs are written in units, from millionths', () => {
  expect([cost(null), cost(0), cost(1_234_567), cost(150)]).toEqual(['–', '0', '1.2346', '0.0002']);
});
