import { expect, it } from 'vitest';
import { costMicros } from './cost-micros.js';

const PRICE = { input: 10, output: 100, cachedInput: 1, cacheWriteInput: 20 };

it.each([
  ['nothing', {}, 0],
  ['input and output', { inputTokens: 3, outputTokens: 2 }, 230],
  ['what the cache had', { inputTokens: 3, cachedInputTokens: 2 }, 12],
  ['what went into the cache', { inputTokens: 3, cacheWriteInputTokens: 1 }, 40],
  ['more from the cache than there is', { inputTokens: 3, cachedInputTokens: 9, cacheWriteInputTokens: 9 }, 3],
  ['thoughts, which are part of the output', { outputTokens: 2, reasoningTokens: 2 }, 200],
])('charges %s', (_, usage, cost) => {
  expect(costMicros(usage, PRICE)).toBe(cost);
});

it('rounds once, at the end', () => {
  const price = { input: 0.4, output: 0.4 };
  expect(costMicros({ inputTokens: 1, outputTokens: 1 }, price)).toBe(1);
  expect(costMicros({ inputTokens: 1_000_000 }, price)).toBe(400_000);
});
