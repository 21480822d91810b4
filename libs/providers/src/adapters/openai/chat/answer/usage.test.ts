import { describe, expect, it } from 'vitest';
import { type ReasoningCount, usageOf } from './usage.js';

it.each([
  [{ usage: { prompt_tokens: 3, prompt_cache_hit_tokens: 2 } }, { inputTokens: 3, cachedInputTokens: 2 }],
  [{ usage: null, x_groq: { usage: { completion_tokens: 0 } } }, { outputTokens: 0 }],
  [{ usage: { total_tokens: 'many', reasoning_tokens: 4 } }, { reasoningTokens: 4 }],
  [{ usage: null }, undefined],
])('reads the usage of %j', (frame, usage) => {
  expect(usageOf(frame, 'as_counted')).toEqual(usage);
});

/** Prompt, completion, total and reasoning as reported, and the output that is paid for. */
type Case = [number | undefined, number | undefined, number | undefined, number | undefined, number | undefined];

function output(counted: ReasoningCount, [prompt, completion, total, reasoning]: Case): number | undefined {
  const usage = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total,
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
  return usageOf({ usage }, counted)?.outputTokens;
}

describe('the output with the reasoning', () => {
  it.each<Case>([
    [10, 7, 17, 5, 7],
    [10, 7, 17, 7, 7],
    [10, 7, undefined, 7, 7],
    [10, 7, 40, 5, 7],
    [10, 7, 40, undefined, 7],
    // Beside it, as the numbers say.
    [10, 7, 22, 5, 12],
    [10, 1, undefined, 290, 291],
  ])('is as the numbers say: %s %s %s %s', (...tokens) => {
    expect(output('as_counted', tokens)).toBe(tokens[4]);
  });

  it.each<Case>([
    [10, 7, 22, 5, 12],
    [10, 7, 30, 5, 12],
    [10, 7, undefined, 5, 12],
    [10, 7, 17, 0, 7],
    [10, 7, 17, undefined, 7],
    // The total says that the completion has them: never paid for twice.
    [10, 7, 17, 5, 7],
    [10, undefined, 15, 5, undefined],
  ])('is the sum, beside: %s %s %s %s', (...tokens) => {
    expect(output('beside_completion', tokens)).toBe(tokens[4]);
  });

  it.each<Case>([
    [10, 7, 22, undefined, 12],
    [10, 7, 22, 5, 12],
    [10, 7, 17, undefined, 7],
    [10, 7, undefined, undefined, 7],
    [10, 7, 3, undefined, 7],
    [10, undefined, 22, undefined, undefined],
  ])('is what the total has beyond the prompt, in the total: %s %s %s %s', (...tokens) => {
    expect(output('in_total', tokens)).toBe(tokens[4]);
  });
});
