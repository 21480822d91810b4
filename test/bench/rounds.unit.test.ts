import { expect, it } from 'vitest';
import { measuredOf } from './measured.fixture.js';
import { differenceOf, inRounds, ofInstance, ratioOf } from './rounds.js';

const place = { variant: 'product', scenario: 'tiny' } as const;
const measured = [
  measuredOf({ ...place, round: 0, turns: 10 }),
  measuredOf({ ...place, round: 0, turns: 20, isControl: true }),
  measuredOf({ ...place, round: 1, turns: 30 }),
  measuredOf({ ...place, round: 1, turns: 30, isControl: true }),
  measuredOf({ ...place, variant: 'inline', round: 0, turns: 99 }),
];

it('takes the mean of both instances in each round, or one of them', () => {
  expect(inRounds(measured, place, (one) => one.turns)).toEqual([15, 30]);
  expect(ofInstance(measured, place, true, (one) => one.turns)).toEqual([20, 30]);
  expect(ofInstance(measured, { ...place, variant: 'inline' }, false, (one) => one.turns)).toEqual([99, Number.NaN]);
});

it('compares within each round', () => {
  expect(ratioOf([10, 300, 20], [10, 200, 40])).toEqual({ median: 1, least: 0.5, most: 1.5 });
  expect(differenceOf([10, 300, 20], [10, 200, 40])).toBe(0);
});

it('has no ratio where there is nothing to compare with', () => {
  expect(ratioOf([10, 20], [Number.NaN, 0])).toBeUndefined();
});
