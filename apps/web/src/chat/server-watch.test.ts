import { expect, it } from 'vitest';
import { readPageConfig } from '../protocol/page-config.js';
import { watchServer } from './server-watch.js';

/** The times of the looks, until so much of it is over, and what is seen. */
async function watched(
  untilMs: number,
  answers: readonly (object | 'away')[],
  {
    isVisible = () => true,
    isInUse = () => false,
  }: { isVisible?: () => boolean; isInUse?: (now: number) => boolean } = {},
) {
  const looks: number[] = [];
  const seen: boolean[] = [];
  let now = 0;
  const over = new Error('over');
  const watching = watchServer({
    configNow: async () => {
      const answer = answers[Math.min(looks.push(now), answers.length) - 1];
      if (answer === 'away') throw new Error('no network');
      return readPageConfig(answer);
    },
    isVisible,
    isInUse: () => isInUse(now),
    sleep: async (ms) => {
      now += ms;
      if (now > untilMs) throw over;
    },
    onConfig: ({ ready }) => seen.push(ready),
  });
  await expect(watching).rejects.toBe(over);
  return { looks, seen };
}

it('looks often for the operator, also after a look without an answer', async () => {
  const local = { local: true, ready: true };
  const { looks, seen } = await watched(3_000, [local, 'away', { ...local, ready: false }, local]);
  expect(seen).toEqual([true, false, true]);
  expect(looks).toEqual([750, 1_500, 2_250, 3_000]);
});

it('looks less often for everybody else, unless nobody answers', async () => {
  const { looks } = await watched(40_000, [{ ready: true }, { ready: false }, { ready: true }]);
  expect(looks).toEqual([750, 30_750, 36_000]);
});

it('looks at once when somebody begins to use the page, and now and then while it is used', async () => {
  const { looks } = await watched(40_000, [{ ready: true }], {
    isInUse: (now) => now >= 20_250 && now < 27_000,
  });
  expect(looks).toEqual([750, 20_250, 23_250, 26_250]);
});

it('does not look while nobody sees the page, and at once when somebody does', async () => {
  let visible = 0;
  const { looks } = await watched(4_500, [{ ready: true, local: true }], { isVisible: () => ++visible > 4 });
  expect(looks).toEqual([3_750, 4_500]);
});
