import { describe, expect, it } from 'vitest';
import { cutAt, firstWords } from './first-words.js';

describe('the first words of a text', () => {
  it.each([
    ['a short text as it is', 'Sow peas', 10, 'Sow peas'],
    ['one line', ' Sow\n\tpeas  now\u0000 ', 20, 'Sow peas now'],
    ['whole words', 'When do I sow my peas?', 12, 'When do I…'],
    ['part of a word that is longer than half the line', 'Oh Donaudampfschifffahrt', 12, 'Oh Donaudam…'],
    ['exactly what fits', 'abcde', 5, 'abcde'],
    ['nothing of nothing', ' \n ', 5, ''],
    ['whole characters', 'abc😀defgh', 5, 'abc…'],
  ])('are %s', (_, text, length, expected) => {
    expect(firstWords(text, length)).toBe(expected);
  });
});

it('a cut never leaves half a character', () => {
  expect(['a😀b', 'a😀b', 'a😀b'].map((text, index) => cutAt(text, index + 1))).toEqual(['a', 'a', 'a😀']);
});
