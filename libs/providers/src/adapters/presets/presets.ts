import {
  asBase64,
  FOUR_IMAGE_TYPES,
  IMAGES_AND_PDF,
  JPEG_AND_PNG,
  withPictureLimits,
} from '../../attachments/accepted-files.js';
import type { Capability } from '../../spec/capability.js';
import type { KeyConfig } from '../../spec/provider.js';
import type { Preset } from './preset.js';

const TEXT: readonly Capability[] = ['chat', 'generate', 'stream', 'json'];
const TOOLS: readonly Capability[] = [...TEXT, 'tools'];
const ALL: readonly Capability[] = [...TOOLS, 'reasoning', 'vision'];

const key = (label: string, where: string): KeyConfig => ({ required: true, label, where });

/** A server on one's own machine, which wants no key unless it was started with one. */
const ownKey = (where: string): KeyConfig => ({ required: false, label: 'API key', where });

/** What most documents of chat completions name as defaults: https://platform.openai.com/docs/api-reference/chat/create and those of each. */
const ONES = { temperature: 1, topP: 1 } as const;

const TOP_K = { fields: { topK: 'top_k' } } as const;

/** In the order in which they answer when several have keys. `default` as a model: the server answers with the one it has loaded. */
export const PRESETS = [
  {
    kind: 'together',
    name: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    defaultModel: 'openai/gpt-oss-120b',
    key: key('Together API key', 'https://api.together.ai/settings/api-keys'),
    capabilities: ALL,
    accepts: FOUR_IMAGE_TYPES,
    quirks: TOP_K,
  },
  {
    kind: 'groq',
    name: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    defaultModel: 'openai/gpt-oss-120b',
    key: key('Groq API key', 'https://console.groq.com/keys'),
    capabilities: ALL,
    // https://console.groq.com/docs/vision: 4 MB as base64, in the whole request.
    accepts: withPictureLimits(JPEG_AND_PNG, { maxBytes: asBase64(2.5), maxEdge: 5000 }),
    quirks: { fields: { maxTokens: 'max_completion_tokens' }, defaults: ONES },
  },
  {
    kind: 'mistral',
    name: 'Mistral AI',
    baseUrl: 'https://api.mistral.ai/v1',
    defaultModel: 'mistral-small-latest',
    key: key('Mistral API key', 'https://console.mistral.ai/api-keys'),
    capabilities: ALL,
    // https://docs.mistral.ai/capabilities/vision: 10 MB.
    accepts: withPictureLimits(FOUR_IMAGE_TYPES, { maxBytes: asBase64(10) }),
    // Refuses every field that it does not know with 422, and reports usage unasked.
    quirks: {
      streamOptions: false,
      fields: { seed: 'random_seed' },
      ranges: { temperature: { maximum: 1.5 } },
      defaults: { topP: 1 },
    },
  },
  {
    kind: 'deepseek',
    name: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    defaultModel: 'deepseek-v4-flash',
    key: key('DeepSeek API key', 'https://platform.deepseek.com/api_keys'),
    capabilities: [...TOOLS, 'reasoning'],
    quirks: { defaults: ONES },
  },
  {
    kind: 'xai',
    name: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    defaultModel: 'grok-4.3',
    key: key('xAI API key', 'https://console.x.ai'),
    capabilities: ALL,
    // https://docs.x.ai/developers/model-capabilities/images/understanding, 2026-11.
    accepts: JPEG_AND_PNG,
    // https://docs.x.ai/docs/guides/reasoning: reasoning tokens are billed as output, and counted apart.
    quirks: {
      reasoningCount: 'beside_completion',
      fields: { maxTokens: 'max_completion_tokens' },
      defaults: ONES,
    },
  },
  {
    kind: 'openrouter',
    name: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    defaultModel: 'openrouter/auto',
    key: key('OpenRouter API key', 'https://openrouter.ai/settings/keys'),
    capabilities: ALL,
    // https://openrouter.ai/docs/features/multimodal/pdfs: reads PDFs itself for models that cannot.
    accepts: IMAGES_AND_PDF,
    quirks: { ...TOP_K, defaults: ONES },
  },
  {
    kind: 'perplexity',
    name: 'Perplexity',
    baseUrl: 'https://api.perplexity.ai',
    defaultModel: 'sonar',
    key: key('Perplexity API key', 'https://www.perplexity.ai/account/api/keys'),
    capabilities: [...TEXT, 'reasoning', 'vision'],
    accepts: FOUR_IMAGE_TYPES,
    known: ['sonar', 'sonar-pro', 'sonar-reasoning-pro', 'sonar-deep-research'],
    quirks: {
      tools: false,
      streamOptions: false,
      fields: { topK: 'top_k', stop: null, seed: null },
      defaults: { temperature: 0.2, topP: 0.9 },
    },
  },
  {
    kind: 'fireworks',
    name: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    defaultModel: 'accounts/fireworks/models/gpt-oss-120b',
    key: key('Fireworks API key', 'https://app.fireworks.ai/settings/users/api-keys'),
    capabilities: ALL,
    accepts: FOUR_IMAGE_TYPES,
    quirks: TOP_K,
  },
  {
    kind: 'gemini',
    name: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    defaultModel: 'gemini-flash-latest',
    key: key('Gemini API key', 'https://aistudio.google.com/apikey'),
    capabilities: ALL,
    // https://ai.google.dev/gemini-api/docs/image-understanding: no GIF.
    accepts: withPictureLimits(IMAGES_AND_PDF, { types: ['image/jpeg', 'image/png', 'image/webp'] }),
    // https://ai.google.dev/api/models: the compatible list has the ids only.
    nativeList: { base: /\/openai$/, path: '/models?pageSize=1000', keyHeader: 'x-goog-api-key' },
    // Refuses fields that it does not know with 400 "Unknown name". Its thoughts are in the total of tokens only.
    quirks: {
      reasoningCount: 'in_total',
      fields: { frequencyPenalty: null, presencePenalty: null, seed: null },
      defaults: { temperature: 1, topP: 0.95 },
    },
  },
  {
    kind: 'lm-studio',
    name: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    defaultModel: 'local-model',
    key: ownKey('None, unless a proxy stands in front of it.'),
    isOwnServer: true,
    capabilities: ALL,
    // https://lmstudio.ai/docs/developer/rest/endpoints: what each model is for, and its window.
    nativeList: { base: /\/v1$/, path: '/api/v0/models' },
    quirks: TOP_K,
  },
  {
    kind: 'vllm',
    name: 'vLLM',
    baseUrl: 'http://localhost:8000/v1',
    defaultModel: 'default',
    key: ownKey('What the server was started with as --api-key, if anything.'),
    isOwnServer: true,
    capabilities: ALL,
    quirks: TOP_K,
    counting: 'vllm',
  },
  {
    kind: 'llama-cpp',
    name: 'llama.cpp',
    baseUrl: 'http://localhost:8080/v1',
    defaultModel: 'default',
    key: ownKey('What the server was started with as --api-key, if anything.'),
    isOwnServer: true,
    capabilities: ALL,
    quirks: { ...TOP_K, defaults: { temperature: 0.8, topP: 0.95, topK: 40 } },
    counting: 'llama-cpp',
  },
  {
    kind: 'text-generation-webui',
    name: 'text-generation-webui',
    baseUrl: 'http://localhost:5000/v1',
    defaultModel: 'default',
    key: ownKey('What the server was started with as --api-key, if anything.'),
    isOwnServer: true,
    capabilities: TOOLS,
    quirks: TOP_K,
  },
  {
    kind: 'litellm',
    name: 'LiteLLM',
    baseUrl: 'http://localhost:4000/v1',
    defaultModel: 'default',
    key: ownKey('The master key of the proxy, or a virtual key made with it.'),
    capabilities: ALL,
  },
  {
    kind: 'ai21',
    name: 'AI21',
    baseUrl: 'https://api.ai21.com/studio/v1',
    defaultModel: 'jamba-large',
    key: key('AI21 API key', 'https://studio.ai21.com/account/api-key'),
    capabilities: TOOLS,
    known: ['jamba-large', 'jamba-mini'],
    quirks: {
      streamOptions: false,
      fields: { frequencyPenalty: null, presencePenalty: null, seed: null, reasoningEffort: null },
      defaults: { temperature: 0.4, topP: 1 },
    },
  },
] as const satisfies readonly Preset[];

export type PresetKind = (typeof PRESETS)[number]['kind'];
