import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, it, vi } from 'vitest';
import { loadTexts } from '../../i18n/texts.js';
import { CitationMark, CitedSources } from './citation-mark.js';
import { Markdown } from './markdown.js';
import MathBlock from './math-block.js';

beforeEach(async () => {
  vi.stubGlobal('location', { origin: 'https://relay.example' });
  await loadTexts(['en']);
});

it('a table that scrolls has a name', () => {
  const html = renderToStaticMarkup(createElement(Markdown, { text: '| a |\n| - |\n| b |', scope: 'msg_1' }));
  expect(html).toContain('tabindex="0" role="group" aria-label="Table"');
});

it('a formula that scrolls has a name, one in a line needs none', () => {
  const html = renderToStaticMarkup(
    createElement(MathBlock, { text: 'So $a$:\n\n$$\nb\n$$', scope: 'msg_1', marks: [] }),
  );
  expect(html.match(/<span[^>]*formula[^>]*>/g)).toEqual([
    '<span class="formula" dir="ltr">',
    '<span class="formula block" dir="ltr" tabindex="0" role="group" aria-label="Formula">',
  ]);
});

it('a source that brings a label of its own stands in the text by it, and keeps its name for screen readers', () => {
  const value = [{ name: 'Ticket 7', inlineLabel: '#7', cardId: 'card' }];
  const marks = createElement(CitedSources, { value }, createElement(CitationMark, { numbers: [1] }));
  const html = renderToStaticMarkup(marks);
  expect(html).toContain('>#7</button>');
  expect(html).toContain('aria-label="Source #7: Ticket 7"');
});
