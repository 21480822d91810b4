import { expect, it } from 'vitest';
import { atMost } from './at-most.js';

it('runs so many at once and no more, in their order, and goes on after a failure', async () => {
  const run = atMost(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const task = (number: number) =>
    run(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 0) throw new Error('no');
      return number;
    });
  const results = Promise.allSettled([0, 1, 2, 3].map(task));
  for (const expected of [2, 3, 4, 4]) {
    await new Promise(setImmediate);
    expect(begun).toHaveLength(expected);
    ends.shift()?.();
  }
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(begun).toEqual([0, 1, 2, 3]);
});
