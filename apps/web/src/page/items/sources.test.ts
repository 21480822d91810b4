import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { readSources } from '../../protocol/items/source.js';
import { SourceList } from './sources.js';

it.each([
  ['url', { url: 'https://example.com/a' }, 'example.com · Papers'],
  ['file', { filename: 'a.pdf' }, 'a.pdf · Papers'],
  ['entity', { id: 'e_1' }, 'Papers'],
])('a source (%s) says where it is from, which group it belongs to, and what it is about', (type, more, origin) => {
  const shared = { type, title: 'Streams', group: 'Papers', description: 'How logs are read.' };
  const drawn = renderToStaticMarkup(createElement(SourceList, { sources: readSources([{ ...shared, ...more }]) }));
  expect(drawn).toContain(`<span class="source-origin">${origin}</span>`);
  expect(drawn).toContain('>How logs are read.</span>');
});
