import { describe, expect, it } from 'vitest';
import type { Item } from '../protocol/types.js';
import { fileNameOf, loadAll, toMarkdown } from './export-markdown.js';
import { assistant, itemOf, user } from './testing.js';

describe('an exported conversation', () => {
  it('says who said what', () => {
    const items = [user('1', 'Hi'), assistant('2', '**Hello**'), { ...user('3', 'Why?'), quoted_text: 'a\nb' } as Item];
    expect(toMarkdown('Title', items)).toBe(
      '# Title\n\n## You said\n\nHi\n\n## The assistant said\n\n**Hello**\n\n## You said\n\n> a\n> b\n\nWhy?\n',
    );
  });

  it('keeps messages of attachments alone, and the names of attachments', () => {
    const attachments = [
      { id: 'atc_1', type: 'image', name: 'cat.png', mime_type: 'image/png' },
      { id: 'atc_2', type: 'file', name: 'notes.pdf', mime_type: 'application/pdf' },
    ];
    const alone = itemOf({ id: '1', type: 'user_message', content: [], attachments });
    expect(toMarkdown('T', [alone, { ...user('2', 'And?'), attachments } as Item])).toBe(
      '# T\n\n## You said\n\nAttached files:\n\n- cat.png\n- notes.pdf\n\n' +
        '## You said\n\nAnd?\n\nAttached files:\n\n- cat.png\n- notes.pdf\n',
    );
  });

  it('has the numbers and the addresses of what was cited', () => {
    const url = { type: 'url', title: 'Streams', url: 'https://example.com/streams' };
    const file = { type: 'file', title: '', filename: 'guide.pdf' };
    const text = 'Streams are logs [7]. Always.';
    const annotations = [
      { type: 'annotation', source: file, index: 29 },
      { type: 'annotation', source: url, index: 20 },
    ];
    const cited = itemOf({ id: '1', type: 'assistant_message', content: [{ type: 'output_text', text, annotations }] });
    expect(toMarkdown('T', [cited])).toBe(
      '# T\n\n## The assistant said\n\nStreams are logs[1]. Always.[2]\n\n' +
        'Sources:\n\n1. Streams https://example.com/streams\n2. guide.pdf\n',
    );
  });

  it('leaves out who has said nothing, and how an answer came about', () => {
    const task = itemOf({ id: '2', type: 'task', task: { type: 'custom', title: 'Look' } });
    expect(toMarkdown('T', [assistant('1', ''), task])).toBe('# T\n');
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
