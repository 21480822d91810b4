import { expect, it } from 'vitest';
import { Store } from './store.js';

it('renders the events of a stream once per frame, and what a user does at once', () => {
  const frames: (() => void)[] = [];
  const store = new Store({ count: 0 }, (run) => frames.push(run));
  let drawn = 0;
  store.subscribe(() => (drawn += 1));

  for (let count = 1; count <= 50; count++) store.setSoon({ count });
  expect([store.latest.count, store.shown().count, drawn, frames.length]).toEqual([50, 0, 0, 1]);
  frames.shift()?.();
  expect([store.shown().count, drawn]).toEqual([50, 1]);

  store.setSoon({ count: 51 });
  store.set({ count: 52 });
  expect([store.shown().count, drawn]).toEqual([52, 2]);
  frames.shift()?.();
  expect(drawn).toBe(2);
});
