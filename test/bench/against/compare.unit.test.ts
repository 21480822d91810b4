import { describe, expect, it } from 'vitest';
import { compare } from './compare.js';

const quiet = { this: [10, 10, 10], control: [10.2, 10, 9.9] };

describe('compare', () => {
  it('is the same within what two instances of one build differ by', () => {
    expect(compare({ ...quiet, other: [10.1, 9.9, 10.05] }, 0)).toMatchObject({
      verdict: 'same',
      spread: expect.closeTo(0.2),
    });
    const loud = { this: [10, 14, 10], control: [10, 10, 12] };
    expect(compare({ ...loud, other: [8, 8, 8] }, 0)).toMatchObject({ verdict: 'same', spread: 4 });
  });

  it('is higher or lower beyond', () => {
    expect(compare({ ...quiet, other: [8, 8, 8] }, 0)).toMatchObject({ verdict: 'higher', more: 2, ratio: 1.25 });
    expect(compare({ ...quiet, other: [12.5, 12.5, 12.5] }, 0)).toMatchObject({ verdict: 'lower', ratio: 0.8 });
  });

  it('compares within each round, so that what slows a whole round down does not matter', () => {
    const slow = { this: [10, 30, 20], control: [10, 30, 20], other: [9, 29, 19] };
    expect(compare(slow, 0)).toMatchObject({ more: 1, spread: 0, verdict: 'higher' });
  });

  it('calls nothing a difference that is smaller than the least', () => {
    const exact = { this: [10, 10], control: [10, 10], other: [9.9, 9.9] };
    expect(compare(exact, 0.2).verdict).toBe('same');
    expect(compare(exact, 0.05).verdict).toBe('higher');
  });

  it('gives no ratio to what is next to nothing', () => {
    expect(compare({ this: [0.01], control: [-0.01], other: [0.001] }, 0.005).ratio).toBeUndefined();
  });
});
