import { expect, it } from 'vitest';
import { reasoningOf, sourcesOf } from './message-fields.js';

it.each([
  [{ reasoning_content: 'a', reasoning: 'a', reasoning_details: [{ text: 'a' }] }, 'a'],
  [{ reasoning_content: null, reasoning: 'b' }, 'b'],
  [{ reasoning: '', reasoning_details: [{ text: 'c' }, { summary: 'd' }, 7, null] }, 'cd'],
  [{ reasoning_content: { odd: true } }, ''],
])('reads the reasoning of %j once', (message, reasoning) => {
  expect(reasoningOf(message)).toBe(reasoning);
});

it('takes annotations with a URL for sources, and no others', () => {
  const cited = { url: 'https://x', title: 'X', start_index: 0, end_index: 4 };
  const annotations = [{ type: 'url_citation', url_citation: cited }, { type: 'file', file: {} }, { url_citation: {} }];
  expect(sourcesOf(annotations)).toEqual([{ type: 'url', url: 'https://x', title: 'X', startIndex: 0, endIndex: 4 }]);
});
