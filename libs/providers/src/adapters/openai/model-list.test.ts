import { describe, expect, it } from 'vitest';
import { canChat, modelsIn } from './model-list.js';
import { dialect } from './chat/dialect.js';

const modelsOf = (entries: unknown, server?: string) =>
  modelsIn(entries, { dialect: dialect({ ...(server && { server }), fields: { topK: 'top_k' } }) });

describe('whether a model can chat', () => {
  it.each([
    [true, { id: 'm', object: 'model' }],
    [true, { id: 'm', type: 'chat' }],
    [true, { id: 'm', type: 'language' }],
    [true, { id: 'm', type: 'something new' }],
    [false, { id: 'm', type: 'embedding' }],
    [false, { id: 'm', type: 'image' }],
    [false, { id: 'm', type: 'embeddings', state: 'loaded' }],
    [true, { id: 'm', type: 'vlm' }],
    [false, { id: 'm', model_info: { mode: 'audio_speech' } }],
    [true, { id: 'm', architecture: { output_modalities: ['image', 'text'] } }],
    [false, { id: 'm', architecture: { output_modalities: ['embeddings'] } }],
    [true, { id: 'm', capabilities: { completion_chat: true } }],
    [false, { id: 'm', capabilities: { completion_chat: false } }],
    [true, { id: 'm', supports_chat: true, kind: 'HF_BASE_MODEL' }],
    [false, { id: 'm', supports_chat: false, kind: 'EMBEDDING_MODEL' }],
    [true, { id: 'm', supportedGenerationMethods: ['generateContent', 'countTokens'] }],
    [false, { id: 'm', supportedGenerationMethods: ['embedContent'] }],
    [false, { id: 'm', supportedGenerationMethods: ['predict'] }],
    [true, { id: 'm', active: true }],
    [false, { id: 'm', active: false }],
    [false, { id: 'm', lifecycle: 'retired' }],
    [false, { id: 'm', providers: [{ provider: 'x', status: 'error' }] }],
    [true, { id: 'm', providers: [{ provider: 'x', status: 'live' }] }],
    [false, { id: 'whisper-large-v3', object: 'model', active: true }],
    // What the list says counts, whatever the name is like.
    [true, { id: 'openai/gpt-image-and-words', architecture: { output_modalities: ['text'] } }],
  ])('is %s of %j', (able, model) => {
    expect(canChat(model, model.id)).toBe(able);
  });
});

describe('what lists say of a model', () => {
  it.each([
    // OpenRouter
    [
      {
        id: 'vendor/m:free',
        name: 'Vendor: M',
        context_length: 200_000,
        top_provider: { context_length: 131_072, max_completion_tokens: 8_192, is_moderated: false },
        supported_parameters: ['max_tokens', 'temperature', 'top_k', 'reasoning', 'tools', 'include_reasoning'],
        default_parameters: { temperature: 0.6, top_p: null, frequency_penalty: 'much' },
      },
      {
        id: 'vendor/m:free',
        name: 'Vendor: M',
        contextWindow: 131_072,
        maxOutput: 8_192,
        settings: ['maxTokens', 'temperature', 'topK', 'reasoningEffort'],
        defaults: { temperature: 0.6 },
      },
    ],
    // Together
    [
      { id: 'org/M', type: 'chat', display_name: 'M Turbo', context_length: 131_072 },
      { id: 'org/M', name: 'M Turbo', contextWindow: 131_072 },
    ],
    // Groq
    [
      { id: 'm', active: true, context_window: 131_072, max_completion_tokens: 32_768 },
      { id: 'm', contextWindow: 131_072, maxOutput: 32_768 },
    ],
    // Mistral
    [
      {
        id: 'm-latest',
        name: 'm-2603',
        max_context_length: 262_144,
        default_model_temperature: 0.3,
        capabilities: { completion_chat: true },
      },
      { id: 'm-latest', name: 'm-2603', contextWindow: 262_144, defaults: { temperature: 0.3 } },
    ],
    // Hugging Face's router: any of its hosts may answer
    [
      {
        id: 'org/m',
        providers: [
          { status: 'live', context_length: 65_536 },
          { status: 'live', context_length: 131_072 },
          { status: 'error', context_length: 1_024 },
        ],
      },
      { id: 'org/m', contextWindow: 65_536 },
    ],
    // vLLM
    [
      { id: 'm', object: 'model', max_model_len: 32_768, root: 'org/m' },
      { id: 'm', contextWindow: 32_768 },
    ],
    // llama.cpp
    [
      { id: 'm.gguf', meta: { n_ctx_train: 131_072, n_ctx: 8_192, n_params: 7 } },
      { id: 'm.gguf', contextWindow: 8_192 },
    ],
    [
      { id: 'm.gguf', meta: { n_ctx_train: 131_072 } },
      { id: 'm.gguf', contextWindow: 131_072 },
    ],
    [{ id: 'm.gguf', meta: null }, { id: 'm.gguf' }],
    // LM Studio
    [
      { id: 'm', type: 'llm', max_context_length: 131_072, loaded_context_length: 4_096 },
      { id: 'm', contextWindow: 4_096 },
    ],
  ])('%j', (entry, info) => {
    expect(modelsOf({ data: [entry] })).toEqual([info]);
  });

  it('Gemini', () => {
    const entry = {
      name: 'models/gemini-flash-latest',
      displayName: 'Gemini Flash Latest',
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent'],
      temperature: 1,
      topP: 0.95,
      topK: 64,
    };
    expect(modelsOf({ models: [entry] }, 'gemini')).toEqual([
      {
        id: 'gemini-flash-latest',
        name: 'Gemini Flash Latest',
        contextWindow: 1_048_576,
        maxOutput: 65_536,
        defaults: { temperature: 1, topP: 0.95, topK: 64 },
      },
    ]);
    const compatible = { data: [{ id: 'models/gemini-flash-latest' }, { id: 'models/text-embedding-004' }] };
    expect(modelsOf(compatible, 'gemini')).toEqual([{ id: 'gemini-flash-latest' }]);
  });
});

describe('a list that is not as it should be', () => {
  it('is read as far as it can be', () => {
    const wrong = [
      null,
      'a',
      7,
      {},
      { id: 7 },
      { id: '' },
      { id: ' a' },
      { id: 'a\nb' },
      { id: 'x'.repeat(300) },
      { id: 'good', name: { en: 'Good' }, context_length: '131072', max_completion_tokens: -1 },
      { id: 'good', name: 'again' },
      { id: 'odd', name: '  Odd\u202e\n one ', context_length: 1.5, top_provider: [], providers: {}, meta: 'x' },
      { id: 'long', name: 'n'.repeat(5_000), context_length: 1e30, max_completion_tokens: null },
      { id: 'small', context_length: 4_096, max_completion_tokens: 1_000_000 },
    ];
    expect(modelsOf({ data: wrong })).toEqual([
      { id: 'good', contextWindow: 131_072 },
      { id: 'odd', name: 'Odd one' },
      { id: 'long', name: `${'n'.repeat(99)}…` },
      { id: 'small', contextWindow: 4_096, maxOutput: 4_096 },
    ]);
  });

  it.each([{ data: 'x' }, 'x', null, { data: { id: 'a' } }, { data: [{ name: 7 }, 'x'] }])('%j is refused', (json) => {
    expect(() => modelsOf(json)).toThrow(/list/);
  });

  it.each([{}, { data: null }, { data: [] }, []])('%j has no models', (json) => {
    expect(modelsOf(json)).toEqual([]);
  });
});
