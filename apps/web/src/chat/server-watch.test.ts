import { expect, it } from 'vitest';
import { readPageConfig } from '../protocol/page-config.js';
import { watchServer } from './server-watch.js';

/** The pauses that are made, and what is seen, until there are no more answers. */
async function watched(answers: readonly (object | 'hidden' | 'away')[]) {
  const pauses: number[] = [];
  const seen: boolean[] = [];
  let look = -1;
  const over = new Error('over');
  const watching = watchServer({
    configNow: async () => {
      const answer = answers[look];
      if (answer === 'away') throw new Error('no network');
      return readPageConfig(answer);
    },
    isVisible: () => answers[look] !== 'hidden',
    sleep: async (ms) => {
      if (look === answers.length - 1) throw over;
      look += 1;
      pauses.push(ms);
    },
    onConfig: ({ ready }) => seen.push(ready),
  });
  await expect(watching).rejects.toBe(over);
  return { pauses, seen };
}

it('looks every two seconds for the operator, as long as the page is seen and the server answers', async () => {
  const local = { local: true, ready: true };
  const { pauses, seen } = await watched([local, 'hidden', 'away', { ...local, ready: false }]);
  expect(seen).toEqual([true, false]);
  expect(pauses).toEqual([2_000, 2_000, 2_000, 2_000]);
});

it('looks less often for everybody else, unless nobody answers', async () => {
  const { pauses } = await watched([{ ready: true }, { ready: false }, { ready: true }]);
  expect(pauses).toEqual([2_000, 30_000, 5_000]);
});
