import { describe, expect, it } from 'vitest';
import { searchWords, snippetOf } from './search-words.js';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

describe('words', () => {
  it('are separated by white space, each once', () => {
    expect(searchWords(' red \u3000 RED\nred ').words).toEqual(['red', 'RED']);
    expect(searchWords(' \0 ').words).toEqual([]);
  });

  it('match upper and lower case, and take nothing as a pattern', () => {
    expect(searchWords('aÄ_%.*[').inTitle).toEqual([
      String.raw`[aA](?:[Ää]|[Aa]`.concat('\u0308', String.raw`)\_\%\.\*\[`),
    ]);
    expect(searchWords('東京').inTitle).toEqual(['東京']);
  });
});

describe('a snippet', () => {
  it('has the words with their places', () => {
    const snippet = snippetOf('The Quick\n\nbrown fox', ['quick', 'FOX']);
    expect(snippet).toEqual({
      text: 'The Quick brown fox',
      highlights: [
        [4, 9],
        [16, 19],
      ],
    });
    expect(snippetOf('nothing', ['fox'])).toBeUndefined();
    expect(snippetOf('anything', [])).toBeUndefined();
  });

  it.each([...PUNCTUATION])('takes %s as it is', (char) => {
    expect(snippetOf(`follow${char}up`, [`w${char}u`])?.highlights).toEqual([[5, 8]]);
    expect(snippetOf(`follow${char}up`, [char])?.highlights).toEqual([[6, 7]]);
    expect(snippetOf('followup', [`w${char}u`, char])).toBeUndefined();
  });

  it('is cut between words before and after the first one', () => {
    const { text, highlights } = snippetOf(`${'before '.repeat(40)}here ${'after '.repeat(80)}`, ['here']) ?? {
      text: '',
      highlights: [],
    };
    expect(text).toMatch(/^… before .*here after .* …$/);
    expect(text.length).toBeLessThan(220);
    expect(text.slice(...(highlights[0] ?? [0, 0]))).toBe('here');
  });

  it('of a text without spaces cuts no pair of surrogates', () => {
    const { text } = snippetOf(`${'🌍'.repeat(101)}東京${'🌍'.repeat(200)}`, ['東京']) ?? { text: '' };
    expect(text).toContain('東京');
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });
});
