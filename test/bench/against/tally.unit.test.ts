import { expect, it } from 'vitest';
import { between, combine, per, split, sumOf } from './tally.js';

it('takes one reading from another, also where a part is new', () => {
  const before = { writes: { redis: 2 } };
  const after = { writes: { redis: 5, reader: 4 }, statements: { BEGIN: 1 } };
  expect(between(before, after)).toEqual({ writes: { redis: 3, reader: 4 }, statements: { BEGIN: 1 } });
});

it('divides and adds up', () => {
  expect(per({ cpu: { api: 10, worker: 30 } }, 5)).toEqual({ cpu: { api: 2, worker: 6 } });
  expect(sumOf({ api: 2, worker: 6 })).toBe(8);
  expect(combine({ cpu: { api: 10 } }, { cpu: { api: 0.5 } }, (all, rest) => all - rest * 4)).toEqual({
    cpu: { api: 8 },
  });
});

const cost = (tokens: number): number => 5_000 + 12 * tokens;

it('tells a turn from its tokens by two lengths', () => {
  expect(split({ short: cost(2), long: cost(500) }, { short: 2, long: 500 })).toEqual({ turn: 5_000, token: 12 });
});
