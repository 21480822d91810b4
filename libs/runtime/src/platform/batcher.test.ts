import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Batcher } from './batcher.js';

/** Doubles numbers, and records how many were in each batch. */
function doubling(together: (inputs: readonly number[]) => Promise<unknown> = async () => undefined) {
  const batches: (readonly number[])[] = [];
  const batcher = new Batcher<number, number>({
    async together(inputs) {
      batches.push(inputs);
      await together(inputs);
      return new Map(inputs.map((input) => [input, 2 * input]));
    },
    alone: async (input) => -input,
  });
  return { batches, doAll: (inputs: readonly number[]) => Promise.all(inputs.map((input) => batcher.do(input))) };
}

describe('a batcher', () => {
  it('collects what arrives in one turn of the event loop, and what arrives during a batch', async () => {
    const { batches, doAll } = doubling(() => sleep(20));
    const first = doAll([1, 2]);
    await sleep(5);
    expect(await Promise.all([first, doAll([3]), doAll([4, 5])])).toEqual([[2, 4], [6], [8, 10]]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('starts again when it is idle, with at most a hundred at once', async () => {
    const { batches, doAll } = doubling();
    await doAll([1]);
    await doAll(Array.from({ length: 250 }, (_, number) => number));
    expect(batches.map(({ length }) => length)).toEqual([1, 100, 100, 50]);
  });

  it('does alone what the batch left out', async () => {
    const batcher = new Batcher<number, string>({
      together: async (inputs) => new Map(inputs.filter((input) => input % 2).map((input) => [input, 'together'])),
      alone: async () => 'alone',
    });
    expect(await Promise.all([1, 2, 3].map((input) => batcher.do(input)))).toEqual(['together', 'alone', 'together']);
  });

  it('does not wait for a batch that hangs', async () => {
    const { doAll } = doubling((inputs) => (inputs.includes(1) ? new Promise(() => undefined) : Promise.resolve()));
    const hanging = doAll([1]);
    await sleep(5);
    expect(await Promise.race([hanging, doAll([2])])).toEqual([4]);
  });
});
