import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsDir, type ReplayServer, startReplayServer } from '../../../../test/support/recordings.js';
import { createProviders, type ProviderConfigInput } from '../config.js';
import type { Price } from '../policies/policy-config.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { Usage } from '../spec/usage.js';
import { noAbort, say } from '../testing/prompts.js';
import { knobsFor, loadRecordings } from '../testing/recorded.js';
import { costMicros } from './cost-micros.js';

const PRICES: readonly Price[] = [
  { input: 3, output: 15, cachedInput: 1, cacheWriteInput: 4 },
  { input: 2, output: 8 },
];

/** Worked out by hand from what the recorded servers counted; prices are for a million tokens, costs in millionths. */
const BY_HAND: readonly (readonly [wire: string, name: string, price: Price, cost: number])[] = [
  // 505 in, of which 448 from the cache; 9 out: 57 · 2.5 + 448 · 0.25 + 9 · 10 = 344.5
  ['cohere-v2-chat', 'agent-stop-sequences-are-forwarded', { input: 2.5, output: 10, cachedInput: 0.25 }, 345],
  // 19 in, 105 out (44 of them thoughts): 19 · 1.25 + 105 · 10 = 1073.75
  ['openai-responses', 'github-copilot-id-rotation-1', { input: 1.25, output: 10, cachedInput: 0.125 }, 1_074],
  // 412 in, 264 out: 412 · 3 + 264 · 15
  [
    'anthropic-messages',
    'anthropic-fallback',
    { input: 3, output: 15, cachedInput: 0.3, cacheWriteInput: 3.75 },
    5_196,
  ],
  // 181 in, 8 out, at a price below a millionth a token: 181 · 0.07 + 8 · 0.3 = 15.07
  ['anthropic-messages', 'anthropic-compaction-usage-with-cache-streaming', { input: 0.07, output: 0.3 }, 15],
  // 1795 in, of which 1792 from the cache; 16 out: 3 · 0.075 + 1792 · 0.0375 + 16 · 0.3 = 72.225
  ['groq', 'prompt-caching-blocking-probe-t1', { input: 0.075, output: 0.3, cachedInput: 0.0375 }, 72],
  // 12 in, of which 11 from the cache; 1 out and 290 thoughts beside it: 1 · 0.3 + 11 · 0.075 + 291 · 0.5 = 146.625
  ['xai', 'xai-text-v2', { input: 0.3, output: 0.5, cachedInput: 0.075 }, 147],
  // 66 in, 6 out, 100 in all, so that 28 were thought: 66 · 1.25 + 34 · 10 = 422.5
  ['gemini-openai', 'compatible-api-with-tool-calls-without-id-t1', { input: 1.25, output: 10 }, 423],
];

const dir = recordingsDir();
if (!dir) process.stderr.write('recorded costs are skipped: there are no recordings, set CHATKIT_RECORDINGS_DIR\n');

const recorded = dir ? readdirSync(dir).flatMap((wire) => loadRecordings(dir, wire)) : [];

/**
 * What was counted, in the meaning of `Usage`: Anthropic counts what it read from the cache, and wrote there, apart, and two
 * servers have counted more from the cache than the prompt has.
 */
const usages: Usage[] = recorded.flatMap(({ wire, expected: { usage } }) => {
  if (!usage) return [];
  const { cached_input_tokens: cached = 0, cache_creation_input_tokens: written = 0 } = usage;
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  const apart = wire === 'anthropic-messages' ? cached + written : 0;
  const inputTokens = input + apart;
  const cachedInputTokens = Math.min(cached, inputTokens);
  return [{ inputTokens, outputTokens: output, cachedInputTokens, cacheWriteInputTokens: written }];
});

const total = (name: keyof Usage): number => usages.reduce((sum, usage) => sum + (usage[name] ?? 0), 0);

function configOf(wire: string, url: string): ProviderConfigInput {
  const at = { baseUrl: `${url}/${wire}`, apiKey: 'key-of-a-recording' };
  if (wire === 'anthropic-messages') return { kind: 'anthropic', id: 'recorded', ...at };
  if (wire === 'cohere-v2-chat') return { kind: 'cohere', id: 'recorded', ...at };
  if (wire === 'openai-responses') return { kind: 'openai', id: 'recorded', wire: 'responses', ...at };
  if (wire === 'xai') return { kind: 'xai', id: 'recorded', ...at };
  if (wire === 'gemini-openai') return { kind: 'gemini', id: 'recorded', ...at };
  return { kind: 'openai', id: 'recorded', wire: 'chat', ...at };
}

describe.skipIf(!dir)('what the recorded answers cost (skipped without recordings)', () => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer();
  });
  afterAll(() => server.close());

  it.each(BY_HAND)('%s/%s costs what was worked out by hand', async (wire, name, price, cost) => {
    const found = recorded.find(({ id }) => id === `${wire}/${name}`);
    if (!found) throw new Error('there is no such recording');
    const model = `recorded/fixture:${found.id}?${knobsFor(found.expected)}`;
    const registry = createRegistry(createProviders([configOf(wire, server.url)]), { names: { it: { model, price } } });
    const attempts: ModelAttempt[] = [];
    const report = (attempt: ModelAttempt): void => void attempts.push(attempt);
    await generate(registry.resolve('it'), { ...say('hello'), mayBeEmpty: true, report }, noAbort());
    expect(attempts.map((attempt) => [attempt.outcome, attempt.usageIs, attempt.costMicros])).toEqual([
      ['completed', 'reported', cost],
    ]);
  });

  it('adds up: all of them cost what their tokens cost together', () => {
    expect(usages.length).toBeGreaterThan(150);
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
