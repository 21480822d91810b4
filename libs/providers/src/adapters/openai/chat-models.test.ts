import { expect, it } from 'vitest';
import { mayChatAtOpenAI } from './chat-models.js';

it.each(['gpt-5.4-mini', 'gpt-4o', 'o3', 'o4-mini', 'chatgpt-4o-latest', 'ft:gpt-4o-mini:org::x1'])(
  '%s may, in both formats',
  (id) => {
    expect([mayChatAtOpenAI('chat')(id), mayChatAtOpenAI('responses')(id)]).toEqual([true, true]);
  },
);

it.each([
  'gpt-4o-audio-preview-2024-12-17',
  'gpt-audio-mini',
  'gpt-3.5-turbo-instruct',
  'davinci-002',
  'o4-mini-deep-research',
])('%s may not', (id) => {
  expect([mayChatAtOpenAI('chat')(id), mayChatAtOpenAI('responses')(id)]).toEqual([false, false]);
});

it('tells what one format alone can reach', () => {
  expect([mayChatAtOpenAI('chat')('gpt-5-pro'), mayChatAtOpenAI('responses')('gpt-5-pro')]).toEqual([false, true]);
  const search = 'gpt-4o-search-preview';
  expect([mayChatAtOpenAI('chat')(search), mayChatAtOpenAI('responses')(search)]).toEqual([true, false]);
});
