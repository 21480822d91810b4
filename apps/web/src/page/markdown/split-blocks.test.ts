import { describe, expect, it } from 'vitest';
import { splitBlocks } from './split-blocks.js';

describe('blocks of a growing Markdown text', () => {
  it('end at blank lines', () => {
    expect(splitBlocks('# One\n\nTwo\nstill two\n\n> three')).toEqual(['# One\n', 'Two\nstill two\n', '> three']);
  });

  it('keep fenced code in one piece, also while it is open', () => {
    const code = '```js\nconst a = 1;\n\nconst b = 2;\n```';
    expect(splitBlocks(`Before\n\n${code}\n\nAfter`)).toEqual(['Before\n', `${code}\n`, 'After']);
    expect(splitBlocks('```\na\n\nb')).toEqual(['```\na\n\nb']);
    expect(splitBlocks('````\n```\n\nb\n````\n\nc')).toEqual(['````\n```\n\nb\n````\n', 'c']);
  });

  it('do not take code in a line for a fence', () => {
    expect(splitBlocks('```a``` b\n\nc')).toEqual(['```a``` b\n', 'c']);
  });

  it('keep lists together', () => {
    const list = '1. one\n\n   more of one\n\n2. two\n\n- three';
    expect(splitBlocks(`${list}\n\nAfter`)).toEqual([`${list}\n`, 'After']);
  });

  it('stay together if a definition may be used by all of them', () => {
    const text = 'See [a][1] and[^n].\n\nMore.\n\n[1]: https://example.com\n[^n]: Note';
    expect(splitBlocks(text)).toEqual([text]);
  });

  it('joined again are the text', () => {
    const text = 'a\n\n\nb\n\n- c\n\n```\n\n```\n\n| t |\n|---|\n| 1 |\n\nd\n';
    expect(splitBlocks(text).join('\n')).toBe(text);
  });
});

describe('formulas', () => {
  it('are kept in one piece', () => {
    for (const formula of ['$$\na\n\nb\n$$', '\\[\na\n\nb\n\\]']) {
      expect(splitBlocks(`Before\n\n${formula}\n\nAfter`)).toEqual(['Before\n', `${formula}\n`, 'After']);
    }
    expect(splitBlocks('$$a$$ x\n\nb\n\n\\[c\\]\n\nd')).toEqual(['$$a$$ x\n', 'b\n', '\\[c\\]\n', 'd']);
  });
});
