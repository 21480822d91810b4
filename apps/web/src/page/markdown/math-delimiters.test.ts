import { describe, expect, it } from 'vitest';
import { LONE_DOLLAR, mathDelimiters } from './math-delimiters.js';

const shown = (text: string): string => mathDelimiters(text).text.replaceAll(LONE_DOLLAR, 'S');
const hasMath = (text: string): boolean => mathDelimiters(text).hasMath;

describe('formulas in a text', () => {
  it.each([
    ['\\(x^2\\) and \\[y\\]', '$$x^2$$ and $$y$$'],
    ['\\[\na = b\n\\]', '$$\na = b\n$$'],
    ['so $x$, and $a + b$.', 'so $x$, and $a + b$.'],
    ['$$\nx\n$$', '$$\nx\n$$'],
  ])('are found in %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(hasMath(text)).toBe(true);
  });

  it.each([
    ['It costs $5 or $10.', 'It costs S5 or S10.'],
    ['from $5-$10', 'from S5-S10'],
    ['$HOME and $PATH/$USER', 'SHOME and SPATH/SUSER'],
    ['one $ alone', 'one S alone'],
  ])('are not amounts of money or names of variables: %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(hasMath(text)).toBe(false);
  });

  it.each(['`\\(a\\)` and ``$x$``', '```sh\necho $x$ \\(y\\)\n```', '```\nopen $x$'])('are not in code: %j', (text) => {
    expect(mathDelimiters(text)).toEqual({ text, hasMath: false });
  });

  it('keep the positions of everything else', () => {
    for (const text of ['\\(x\\) costs $5 `$a$` \\[y\\]', '$$x$$ $a$ $', '\\( \\[ $']) {
      expect(mathDelimiters(text).text).toHaveLength(text.length);
    }
  });
});
