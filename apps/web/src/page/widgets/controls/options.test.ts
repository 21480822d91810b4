import { describe, expect, it } from 'vitest';
import { matching, nextIndex, type Option } from './options.js';

const option = (label: string, isOff = false): Option => ({ value: label, label, isOff });
const options = [option('Äpfel'), option('Birnen', true), option('Bananen'), option('Citrus')];

describe('a list to choose from', () => {
  it('is searched without case and accents, descriptions included', () => {
    expect(matching(options, 'apf').map(({ label }) => label)).toEqual(['Äpfel']);
    expect(matching([{ ...option('x'), description: 'Yellow' }], 'yell')).toHaveLength(1);
    expect(matching(options, ' ')).toBe(options);
    expect(matching(options, 'zz')).toEqual([]);
  });

  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 0, 2],
    ['ArrowDown', 3, 3],
    ['ArrowUp', 2, 0],
    ['ArrowUp', -1, 3],
    ['ArrowUp', 0, 0],
    ['Home', 3, 0],
    ['End', 0, 3],
    ['b', 0, 2],
    ['c', 3, 3],
    ['a', 3, 0],
    ['z', 0, undefined],
    ['Enter', 0, undefined],
  ])('%s leads from %s to %s', (key, from, to) => {
    expect(nextIndex(options, from, key, false)).toBe(to);
  });

  it('leaves letters to a field for searching', () => {
    expect(nextIndex(options, 0, 'b', true)).toBeUndefined();
    expect(nextIndex(options, 0, 'Home', true)).toBeUndefined();
    expect(nextIndex(options, 0, 'ArrowDown', true)).toBe(2);
  });

  it('has nowhere to go when it is empty', () => {
    expect(nextIndex([], -1, 'ArrowDown', false)).toBe(-1);
    expect(nextIndex([], -1, 'x', false)).toBeUndefined();
  });
});
