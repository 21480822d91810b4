import { expect, it } from 'vitest';
import { noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { CallSettings } from './call-settings.js';
import { generate } from './generate.js';
import { ProviderError } from './provider-error.js';

const finish = { type: 'finish', reason: { unified: 'tool_calls', raw: 'tool_use' } } as const;

it('folds a stream into one answer', async () => {
  const model = scriptedModel([
    { type: 'warning', warning: { code: 'unsupported_content', detail: 'd' } },
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', text: 'hm' },
    { type: 'reasoning-end', id: 'r' },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', text: 'a' },
    { type: 'text-delta', id: 't', text: 'b' },
    { type: 'text-end', id: 't' },
    { type: 'tool-call-start', id: 'x', callId: 'c1', name: 'f' },
    { type: 'tool-call-start', id: 'y', callId: 'c2', name: 'g' },
    { type: 'tool-call-delta', id: 'x', arguments: '{"a"' },
    { type: 'tool-call-delta', id: 'y', arguments: '{}' },
    { type: 'tool-call-delta', id: 'x', arguments: ':1}' },
    { type: 'tool-call-end', id: 'x' },
    { type: 'tool-call-end', id: 'y' },
    { type: 'source', source: { type: 'url', url: 'https://x' } },
    { type: 'usage', usage: { inputTokens: 1 } },
    finish,
  ]);
  expect(await generate(model, say('hi'), noAbort())).toEqual({
    text: 'ab',
    reasoning: 'hm',
    toolCalls: [
      { type: 'tool-call', callId: 'c1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', callId: 'c2', name: 'g', arguments: '{}' },
    ],
    sources: [{ type: 'url', url: 'https://x' }],
    warnings: [{ code: 'unsupported_content', detail: 'd' }],
    finish: finish.reason,
    usage: { inputTokens: 1 },
  });
});

it('prefers the usage of finish', async () => {
  const model = scriptedModel([
    { type: 'usage', usage: { inputTokens: 1 } },
    { ...finish, usage: { inputTokens: 2 } },
  ]);
  expect((await generate(model, say('hi'), noAbort())).usage).toEqual({ inputTokens: 2 });
});

it('takes no answer without finish', async () => {
  await expect(generate(scriptedModel([]), say('hi'), noAbort())).rejects.toMatchObject({ code: 'stream_truncated' });
});

it('passes errors on', async () => {
  const error = new ProviderError('overloaded', {
    ref: { provider: 'p', model: 'm' },
    detail: 'busy',
    retryable: false,
  });
  await expect(generate(scriptedModel([error]), say('hi'), noAbort())).rejects.toBe(error);
  expect(error).toMatchObject({ message: 'overloaded (p/m): busy', retryable: false, name: 'ProviderError' });
});

it('settings take the ends of their ranges and nothing beyond', () => {
  expect(CallSettings.parse({ temperature: 0, topP: 1, maxTokens: 1, seed: 0 })).toMatchObject({ temperature: 0 });
  for (const wrong of [
    { temperature: 2.1 },
    { topP: 0 },
    { maxTokens: 0 },
    { topK: 1.5 },
    { frequencyPenalty: 3 },
    { x: 1 },
  ]) {
    expect(CallSettings.safeParse(wrong).success).toBe(false);
  }
});
