import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRecordings } from '../../../../test/support/recordings/recording.js';
import { playersOf } from '../../../../test/support/recordings/wires.js';
import { type ReplayServer, startReplayServer } from '../../../../test/support/replay-server/server.js';
import { createProviders } from '../config.js';
import type { Price } from '../spec/policy-config.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { Usage } from '../spec/usage.js';
import { noAbort, say } from '../testing/prompts.js';
import { costMicros } from './cost-micros.js';

const PRICES: readonly Price[] = [
  { input: 3, output: 15, cachedInput: 1, cacheWriteInput: 4 },
  { input: 2, output: 8 },
];

/** Worked out by hand from what the recorded servers counted; prices are for a million tokens, costs in millionths. */
const BY_HAND: readonly (readonly [id: string, price: Price, cost: number])[] = [
  // 12 in, of which 4 from the cache; 7 out: 8 · 2.5 + 4 · 0.25 + 7 · 10
  ['openai-chat/text', { input: 2.5, output: 10, cachedInput: 0.25 }, 91],
  // 9 in, of which 5 from the cache; 4 out: 4 · 2.5 + 5 · 0.25 + 4 · 10 = 51.25
  ['cohere-v2-chat/text-whole', { input: 2.5, output: 10, cachedInput: 0.25 }, 51],
  // 50 in, 40 out (20 of them thoughts): 50 · 1.25 + 40 · 10 = 462.5
  ['openai-responses/reasoning-and-tool-calls', { input: 1.25, output: 10, cachedInput: 0.125 }, 463],
  // 3 in, and 20 written into the cache, and 100 read from there; 4 out: 3 · 3 + 20 · 3.75 + 100 · 0.3 + 4 · 15
  ['anthropic-messages/cached-input', { input: 3, output: 15, cachedInput: 0.3, cacheWriteInput: 3.75 }, 174],
  // 12 in, 7 out, at a price below a millionth a token: 12 · 0.07 + 7 · 0.3 = 2.94
  ['anthropic-messages/text', { input: 0.07, output: 0.3 }, 3],
  // 120 in, of which 64 from the cache; 22 out: 56 · 0.28 + 64 · 0.028 + 22 · 0.42 = 26.712
  ['deepseek/reasoning-and-tool-call', { input: 0.28, output: 0.42, cachedInput: 0.028 }, 27],
  // 12 in, of which 11 from the cache; 2 out, and 290 thoughts beside them: 1 · 0.3 + 11 · 0.075 + 292 · 0.5 = 147.125
  ['xai/reasoning-beside-completion', { input: 0.3, output: 0.5, cachedInput: 0.075 }, 147],
  // 66 in, 6 out, 100 in all, so that 28 were thought: 66 · 1.25 + 34 · 10 = 422.5
  ['gemini-openai/thoughts-in-total-only', { input: 1.25, output: 10 }, 423],
  // 12 in, 7 out, without a price for either
  ['ollama-chat/text', { input: 0, output: 0 }, 0],
];

const recorded = allRecordings();

/**
 * What was counted, in the meaning of `Usage`: Anthropic counts what it read from the cache, and wrote there, apart, and two
 * servers have counted more from the cache than the prompt has.
 */
const usages: Usage[] = recorded.flatMap(({ format, expected: { usage } }) => {
  if (!usage) return [];
  const { cached_input_tokens: cached = 0, cache_creation_input_tokens: written = 0 } = usage;
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  const apart = format === 'anthropic-messages' ? cached + written : 0;
  const inputTokens = input + apart;
  const cachedInputTokens = Math.min(cached, inputTokens);
  return [{ inputTokens, outputTokens: output, cachedInputTokens, cacheWriteInputTokens: written }];
});

const total = (name: keyof Usage): number => usages.reduce((sum, usage) => sum + (usage[name] ?? 0), 0);

describe('what the recorded answers cost', () => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer(recorded);
  });
  afterAll(() => server.close());

  it.each(BY_HAND)('%s costs what was worked out by hand', async (id, price, cost) => {
    const recording = recorded.find((one) => one.id === id)!;
    const { config, model } = playersOf(recording)[0]!.at(`${server.url}/${recording.wire}`, `${id}?force=1`);
    const [provider] = createProviders([config]);
    const registry = createRegistry([provider!], { names: { it: { model: `${provider!.id}/${model}`, price } } });
    const attempts: ModelAttempt[] = [];
    const report = (attempt: ModelAttempt): void => void attempts.push(attempt);
    await generate(registry.resolve('it'), { ...say('hello'), mayBeEmpty: true, report }, noAbort());
    expect(attempts.map((attempt) => [attempt.outcome, attempt.usageIs, attempt.costMicros])).toEqual([
      ['completed', 'reported', cost],
    ]);
  });

  it('adds up: all of them cost what their tokens cost together', () => {
    expect(usages.length).toBeGreaterThan(90);
    for (const price of PRICES) {
      const sum = usages.reduce((cost, usage) => cost + costMicros(usage, price), 0);
      const [cached, written] = [total('cachedInputTokens'), total('cacheWriteInputTokens')];
      expect(sum).toBe(
        (total('inputTokens') - cached - written) * price.input +
          cached * (price.cachedInput ?? price.input) +
          written * (price.cacheWriteInput ?? price.input) +
          total('outputTokens') * price.output,
      );
    }
  });
});
