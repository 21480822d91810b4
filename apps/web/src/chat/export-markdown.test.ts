import { describe, expect, it } from 'vitest';
import type { Item } from '../protocol/types.js';
import { fileNameOf, loadAll, toMarkdown } from './export-markdown.js';
import { assistant, user } from './testing.js';

describe('an exported conversation', () => {
  it('says who said what', () => {
    const items = [user('1', 'Hi'), assistant('2', '**Hello**'), { ...user('3', 'Why?'), quoted_text: 'a\nb' } as Item];
    expect(toMarkdown('Title', items)).toBe(
      '# Title\n\n## You said\n\nHi\n\n## The assistant said\n\n**Hello**\n\n## You said\n\n> a\n> b\n\nWhy?\n',
    );
  });

  it('has every page of the thread', async () => {
    const items = [user('1', 'a'), assistant('2', 'b'), user('3', 'c')];
    const loaded = await loadAll(
      {
        listItems: async (_threadId, { after }) => {
          const position = items.findIndex(({ id }) => id === after) + 1;
          const one = items.slice(position, position + 1);
          return { data: one, has_more: position < items.length - 1, after: one[0]?.id ?? '' };
        },
      },
      'thr_1',
    );
    expect(loaded).toEqual(items);
  });

  it.each([
    ['A/B: "c"?', 'A-B-c.md'],
    ['日本 語', '日本-語.md'],
    ['...', 'conversation.md'],
  ])('of %s is the file %s', (title, name) => {
    expect(fileNameOf(title)).toBe(name);
  });
});
