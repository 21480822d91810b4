import { expect, it } from 'vitest';
import { allocated, HeapMeter } from './heap-meter.js';

function makeGarbage(count: number): number {
  let last: object = {};
  for (let made = 0; made < count; made++) last = { made, text: [made] };
  return Object.keys(last).length;
}

it('adds up what the heap grew by between collections', () => {
  expect(allocated(100, [], 130)).toBe(30);
  expect(
    allocated(
      100,
      [
        { before: 150, after: 90 },
        { before: 190, after: 20 },
      ],
      25,
    ),
  ).toBe(50 + 100 + 5);
});

it('counts garbage: twice the work is twice the bytes', () => {
  const meter = new HeapMeter();
  const spent = (count: number): number => {
    const before = meter.read();
    makeGarbage(count);
    return meter.read() - before;
  };
  spent(2_000_000);
  const [once, twice] = [spent(1_000_000), spent(2_000_000)];
  expect(once).toBeGreaterThan(10_000_000);
  expect(twice / once).toBeGreaterThan(1.8);
  expect(twice / once).toBeLessThan(2.2);
});
