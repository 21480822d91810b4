import { expect, it } from 'vitest';
import { reasoningOf, sourcesOf, usageOf } from './message-fields.js';

it.each([
  [{ reasoning_content: 'a', reasoning: 'a', reasoning_details: [{ text: 'a' }] }, 'a'],
  [{ reasoning_content: null, reasoning: 'b' }, 'b'],
  [{ reasoning: '', reasoning_details: [{ text: 'c' }, { summary: 'd' }, 7, null] }, 'cd'],
  [{ reasoning_content: { odd: true } }, ''],
])('reads the reasoning of %j once', (message, reasoning) => {
  expect(reasoningOf(message)).toBe(reasoning);
});

it.each([
  [{ usage: { prompt_tokens: 3, prompt_cache_hit_tokens: 2 } }, { inputTokens: 3, cachedInputTokens: 2 }],
  [{ usage: null, x_groq: { usage: { completion_tokens: 0 } } }, { outputTokens: 0 }],
  [{ usage: { total_tokens: 'many', reasoning_tokens: 4 } }, { reasoningTokens: 4 }],
  [{ usage: null }, undefined],
])('reads the usage of %j', (frame, usage) => {
  expect(usageOf(frame)).toEqual(usage);
});

it('takes annotations with a URL for sources, and no others', () => {
  const cited = { url: 'https://x', title: 'X', start_index: 0, end_index: 4 };
  const annotations = [{ type: 'url_citation', url_citation: cited }, { type: 'file', file: {} }, { url_citation: {} }];
  expect(sourcesOf(annotations)).toEqual([{ type: 'url', url: 'https://x', title: 'X', startIndex: 0, endIndex: 4 }]);
});
