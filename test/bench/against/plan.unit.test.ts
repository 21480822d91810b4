import { expect, it } from 'vitest';
import { SCENARIOS } from '../plan.js';
import { roundsOf, SIDES, slotsOfRound, timedShapes } from './plan.js';

it('shares all rounds out to generations, none twice', () => {
  const plan = { slotMs: 1, warmUpMs: 1 };
  expect(roundsOf({ ...plan, rounds: 5, generations: 2 })).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
  expect(roundsOf({ ...plan, rounds: 2, generations: 3 })).toEqual([[0], [1]]);
});

it('measures every side under every load at both lengths, side by side', () => {
  const shapes = timedShapes(SCENARIOS);
  const slots = slotsOfRound(1, shapes);
  expect(slots).toHaveLength(shapes.length * 2 * SIDES.length);
  expect(slots.slice(0, 3).map(({ side, length }) => `${side} ${length}`)).toEqual([
    'other short',
    'control short',
    'this short',
  ]);
});
