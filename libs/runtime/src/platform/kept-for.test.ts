import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keptFor } from './kept-for.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('asks once for all who ask within the time, also while there is no answer yet', async () => {
  let asked = 0;
  const read = keptFor(1_000, async () => ++asked);
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
  vi.advanceTimersByTime(999);
  expect(await read()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(await read()).toBe(2);
});

it('asks again after a failure', async () => {
  let asked = 0;
  const read = keptFor(1_000, async () => {
    if (++asked === 1) throw new Error('away');
    return asked;
  });
  await expect(read()).rejects.toThrow('away');
  expect(await read()).toBe(2);
});
