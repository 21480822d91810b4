import { countTokens as tokenize } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../registry.js';
import type { ModelCall } from '../spec/language-model.js';
import type { Provider } from '../spec/provider.js';
import { noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { countInput } from './count-input.js';
import { estimateInputTokens } from './estimate-tokens.js';

const call = say('How many tokens may this be?');
const estimate = { tokens: estimateInputTokens(call), is: 'estimate' };
const counting = (countTokens: Provider['countTokens']) => ({ countTokens });

describe('the input of a call', () => {
  it('is what the provider counts', async () => {
    const provider = counting(async (model, { prompt }) => model.length + prompt.length + 0.5);
    expect(await countInput(provider, 'm', call, noAbort())).toEqual({ tokens: 3, is: 'exact' });
  });

  it.each<[string, Provider['countTokens']]>([
    ['has no count', undefined],
    ['fails', () => Promise.reject(new Error('busy'))],
    [
      'fails at once',
      () => {
        throw new Error('busy');
      },
    ],
    ['says what is no number', () => Promise.resolve(Number.NaN)],
    ['says less than nothing', () => Promise.resolve(-1)],
  ])('is estimated where the provider %s', async (_, countTokens) => {
    expect(await countInput(counting(countTokens), 'm', call, noAbort())).toEqual(estimate);
  });

  it('is estimated when the provider takes too long, which hears of it', async () => {
    let received: AbortSignal | undefined;
    const provider = counting((_, __, signal) => {
      received = signal;
      return new Promise(() => undefined);
    });
    expect(await countInput(provider, 'm', call, noAbort(), 10)).toEqual(estimate);
    expect(received?.aborted).toBe(true);
    expect(await countInput(provider, 'm', call, AbortSignal.abort(), 60_000)).toEqual(estimate);
  });

  it.each(['gpt-5.4-mini', 'openai/gpt-oss-120b', 'o3', 'o4-mini', 'gpt-4o', 'gpt-4.1-nano'])(
    'of OpenAI’s %s is estimated with its tokenizer',
    async (model) => {
      const text = 'Antidisestablishmentarianism, <|endoftext|> and floccinaucinihilipilification.';
      const said = say(text);
      const { tokens, is } = await countInput({}, model, said, noAbort());
      expect(is).toBe('estimate');
      expect(tokens).toBe(tokenize(text, { disallowedSpecial: new Set() }) + 4);
      expect(tokens).not.toBe(estimateInputTokens(said));
    },
  );

  it('is estimated without it for models that have another', async () => {
    for (const model of ['llama3.2', 'gpt-4', 'gpt-3.5-turbo', 'my-o3x', 'o3x', 'foo1']) {
      expect(await countInput({}, model, call, noAbort())).toEqual(estimate);
    }
  });

  it('is counted in time that grows with its length, without keeping others waiting', async () => {
    let rounds = 0;
    let turning = setImmediate(function turn() {
      rounds++;
      turning = setImmediate(turn);
    });
    const { tokens } = await countInput({}, 'gpt-5', say('a'.repeat(200_000)), noAbort());
    clearImmediate(turning);
    expect(tokens).toBeGreaterThan(10_000);
    expect(rounds).toBeGreaterThanOrEqual(10);
  });
});

it('is counted by the models of the registry, with tools as the model gets them', async () => {
  const counted: ModelCall[] = [];
  const provider: Provider = {
    id: 'small',
    name: 'Small',
    capabilities: new Set(['chat']),
    defaultModel: 'm',
    keyConfig: { required: false, label: '', where: '' },
    model: () => scriptedModel([]),
    listModels: async () => [],
    healthCheck: async () => ({ ok: true, latencyMs: 0 }),
    countTokens: async (_, request) => counted.push(request),
  };
  const model = createRegistry([provider]).resolve();
  expect(await model.countInput?.(call, noAbort())).toEqual({ tokens: 1, is: 'exact' });
  expect(counted[0]).toEqual(call);
  await model.countInput?.({ ...call, tools: [{ name: 'weather', parameters: {} }] }, noAbort());
  expect(counted[1]).not.toHaveProperty('tools');
  expect(JSON.stringify(counted[1]?.prompt)).toContain('weather');
});
