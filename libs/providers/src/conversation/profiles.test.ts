import { describe, expect, it } from 'vitest';
import { conversationRules, STRICTEST } from './profiles.js';

const rules = (kind: string, model = 'some-model', wire?: string) => conversationRules({ kind, model, wire });

describe('the rules of a conversation', () => {
  it.each(['vllm', 'llama-cpp', 'lm-studio', 'perplexity', 'gateway', 'litellm', 'a kind of tomorrow'])(
    'are the strictest for %s',
    (kind) => {
      expect(rules(kind)).toEqual(STRICTEST);
    },
  );

  it('are those of the model, wherever it runs', () => {
    for (const model of ['mistralai/Mistral-7B-Instruct-v0.3', 'Ministral-3', 'devstral-small', 'Mixtral-8x7B']) {
      expect(rules('groq', model)).toMatchObject({ alternate: true, userAfterTool: false, callIds: { maxLength: 9 } });
    }
    expect(rules('groq', 'openai/gpt-oss-20b')).toMatchObject({ alternate: false, callIds: { maxLength: 40 } });
    expect(rules('azure-openai', 'Llama-2-70b-chat').alternate).toBe(true);
  });

  it.each([
    ['vllm', 'google/gemma-2-9b-it', 'user'],
    ['vllm', 'google/gemma-7b-it', 'user'],
    ['vllm', 'google/gemma-3-27b-it', 'first'],
    ['vllm', 'google/gemma-12b', 'first'],
    ['gemini', 'gemma-3-27b-it', 'user'],
    ['gemini', 'gemini-3-pro', 'first'],
    ['openai', 'gpt-6', 'anywhere'],
  ])('place instructions for %s and %s: %s', (kind, model, place) => {
    expect(rules(kind, model).system).toBe(place);
  });

  it.each([
    ['claude-3-5-sonnet-latest', true],
    ['claude-sonnet-4-20250514', true],
    ['claude-opus-4.5', true],
    ['claude-opus-4-6', false],
    ['claude-sonnet-4.6', false],
    ['claude-sonnet-5-5', false],
    ['claude-of-tomorrow', false],
  ])('let the assistant have the last word with %s: %s', (model, prefill) => {
    expect(rules('anthropic', model).prefill).toBe(prefill);
  });

  it.each([
    ['openai-compatible', 'kimi-k2.5', { reasoning_content: ' ' }],
    ['openrouter', 'moonshotai/kimi-k2-thinking', { reasoning_content: ' ' }],
    ['vllm', 'XiaomiMiMo/MiMo-V2-Flash', { reasoning_content: ' ' }],
    ['deepseek', 'deepseek-v4-flash', { reasoning_content: '' }],
    ['openai-compatible', 'kimi-k2-0711', null],
    ['groq', 'moonshotai/kimi-k2.5', null],
  ])('give %s and %s a thought where it is not known: %j', (kind, model, thought) => {
    expect(rules(kind, model).unknownThought).toEqual(thought);
  });

  it('give Gemini 3 a signature where there is none', () => {
    expect(rules('gemini', 'gemini-3-pro-preview').unknownSignature).not.toBeNull();
    expect(rules('gemini', 'gemini-2.5-flash').unknownSignature).toBeNull();
  });

  it('depend on the format that is spoken', () => {
    expect(rules('openai', 'gpt-6', 'responses')).toMatchObject({ thoughts: 'all', callIds: { maxLength: 64 } });
    expect(rules('openai', 'gpt-6', 'chat')).toMatchObject({ thoughts: [], callIds: { maxLength: 40 } });
  });

  it('are what the config says, the narrower entry first', () => {
    const speaker = { kind: 'vllm', model: 'm' };
    expect(conversationRules(speaker, { alternate: false, prefill: true }, { prefill: false })).toEqual({
      ...STRICTEST,
      alternate: false,
    });
  });
});
