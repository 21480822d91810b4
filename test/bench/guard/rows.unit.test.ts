import { expect, it } from 'vitest';
import { isOver, rowsOf } from './rows.js';

const shape = {
  name: 'single',
  concurrency: 1,
  tokens: { short: 2, long: 12 },
  limits: { writes: { turn: 20, token: 1 } },
} as const;
/** 10 a turn and one a token. */
const cost = { short: { writes: { api: 4, worker: 8 } }, long: { writes: { api: 9, worker: 13 } } };

it('tells what a turn and a token cost, which is not over the limit where it is just as much', () => {
  const rows = rowsOf(shape, cost);
  expect(rows).toEqual([
    { name: 'single, 1 at once: writes a turn', counted: 10, limit: 20 },
    { name: 'single, 1 at once: writes a token', counted: 1, limit: 1 },
  ]);
  expect(rows.map(isOver)).toEqual([false, false]);
});

it('tells which of them is over its limit', () => {
  const limits = { writes: { turn: 9, token: 1 } };
  expect(rowsOf({ ...shape, limits }, cost).map(isOver)).toEqual([true, false]);
});

it.each([
  ['has not counted', {}],
  ['has counted no part of', { writes: {} }],
])('a limit of what a reading %s is exceeded', (_, short) => {
  expect(rowsOf(shape, { ...cost, short }).map(isOver)).toEqual([true, true]);
});
