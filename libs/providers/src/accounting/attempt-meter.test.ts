import { expect, it } from 'vitest';
import type { Usage } from '../spec/usage.js';
import { AttemptMeter } from './attempt-meter.js';

it.each([
  ['a text', '12'],
  ['a part of a token', 12.5],
  ['less than none', -1],
  ['more than any model writes', 1e30],
  ['nothing', null],
])('%s is no count of tokens, and is left out', (_, cachedInputTokens) => {
  const meter = new AttemptMeter({ provider: 'p', model: 'm' }, { prompt: [] }, undefined);
  const usage = { inputTokens: 7, outputTokens: 0, cachedInputTokens } as unknown as Usage;
  meter.part({ type: 'usage', usage });
  expect(meter.end('completed').usage).toEqual({ inputTokens: 7, outputTokens: 0 });
});
