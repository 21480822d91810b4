import { expect, it } from 'vitest';
import { oneForEach } from './one-for-each.js';

it('runs the tasks of one key one after another, beside those of others, and goes on after a failure', async () => {
  const run = oneForEach();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) =>
    run(name.slice(0, 1), async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      if (name === 'a0') throw new Error('no');
      return name;
    });
  const results = Promise.allSettled(['a0', 'a1', 'b0', 'a2'].map(task));
  for (const [ending, running] of [
    ['', ['a0', 'b0']],
    ['a0', ['a0', 'b0', 'a1']],
    ['b0', ['a0', 'b0', 'a1']],
    ['a1', ['a0', 'b0', 'a1', 'a2']],
  ] as const) {
    ends.get(ending)?.();
    await new Promise(setImmediate);
    expect(begun).toEqual(running);
  }
  ends.get('a2')?.();
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
