import { expect, it } from 'vitest';
import { sparingly } from './sparingly.js';

it('tells an error at once, the same one again after half a minute, and how many were not told', () => {
  let now = 0;
  const told: [string, number][] = [];
  const tell = sparingly(
    ({ message }, silent) => void told.push([message, silent]),
    () => now,
  );
  for (; now < 60_000; now += 100) tell(new Error(`MOVED ${now} 127.0.0.1:7000`));
  tell(new Error('NOPERM'));
  expect(told).toEqual([
    ['MOVED 0 127.0.0.1:7000', 0],
    ['MOVED 30000 127.0.0.1:7000', 299],
    ['NOPERM', 0],
  ]);
});
