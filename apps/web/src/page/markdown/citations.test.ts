import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CitedSources } from './citation-mark.js';
import { Markdown } from './markdown.js';

const SOURCES = [1, 2, 3].map((n) => ({ name: `Page ${n}`, url: `https://example.com/${n}`, cardId: `c${n}` }));

/** The text with `[n]` at each citation of a source. */
function drawn(text: string, ...marks: [offset: number, ...numbers: number[]][]): string {
  const markdown = createElement(Markdown, {
    text,
    scope: 'msg_1',
    marks: marks.map(([offset, ...numbers]) => ({ offset, numbers })),
  });
  const html = renderToStaticMarkup(createElement(CitedSources, { value: SOURCES, children: markdown }));
  return html
    .replaceAll(/<sup class="citations">(.*?)<\/sup>/g, (_, inner: string) =>
      inner.replaceAll(/<a[^>]*>(\d)<\/a>/g, '[$1]'),
    )
    .replace(/^<div class="markdown">|<\/div>$/g, '')
    .replaceAll('\n', '');
}
const after = (text: string, words: string): number => text.indexOf(words) + words.length;

describe('citations in a text', () => {
  it('stand where they are', () => {
    const text = 'Queues hand out work. Logs keep it.';
    expect(drawn(text, [after(text, 'work.'), 1], [text.length, 2, 3])).toBe(
      '<p>Queues hand out work.[1] Logs keep it.[2][3]</p>',
    );
  });

  it('take the place of marks that the text has already', () => {
    const text = 'Queues hand out work.[1] Logs keep it [2][3], *both* [4].';
    const marks = ['[1]', '[2]', '[3]'].map((mark, index): [number, number] => [after(text, mark), index + 1]);
    expect(drawn(text, ...marks)).toBe('<p>Queues hand out work.[1] Logs keep it[2][3], <em>both</em> [4].</p>');
  });

  it('find their block', () => {
    const text = 'One.\n\n- Two\n- **Three** done\n\nFour.';
    const html = drawn(text, [after(text, 'One.'), 1], [after(text, 'Three'), 2], [after(text, 'Four.'), 3]);
    expect(html).toBe('<p>One.[1]</p><ul><li>Two</li><li><strong>Three[2]</strong> done</li></ul><p>Four.[3]</p>');
  });

  it('stay out of code, addresses and tables’ marks', () => {
    const code = 'See `run()` now';
    expect(drawn(code, [after(code, 'run'), 1])).toBe('<p>See <code>run()</code>[1] now</p>');
    const link = 'See [docs](https://example.com/docs) now';
    expect(drawn(link, [after(link, 'example'), 1])).toContain('</a>[1] now');
    const block = '```\ncode\n```';
    expect(drawn(block, [after(block, 'code'), 1])).toContain('<p>[1]</p>');
    const table = '| a |\n|---|\n| b |';
    expect(drawn(table, [after(table, '| b'), 2])).toContain('<td>b[2]</td>');
  });

  it('are drawn wherever they are, once each', () => {
    const texts = [
      '',
      '*a',
      '**b** _c_',
      '> q\n> r',
      '1. x\n\n   y',
      '[^1]\n\n[^1]: n',
      '\\*a\\* &amp; b',
      '# h\n\n---\n\nx',
    ];
    for (const text of texts) {
      for (let offset = 0; offset <= text.length; offset += 1) {
        const html = drawn(text, [offset, 1]);
        expect([text, offset, html.split('[1]').length - 1]).toEqual([text, offset, 1]);
      }
    }
  });
});
