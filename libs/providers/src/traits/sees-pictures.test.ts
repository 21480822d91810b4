import { expect, it } from 'vitest';
import { createProviders } from '../config.js';
import { isBlind } from './sees-pictures.js';

it.each([
  'openai/gpt-oss-120b',
  'gpt-oss:20b',
  'llama3.2',
  'llama3.2:3b',
  'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  'deepseek-v4-flash',
  'deepseek-ai/DeepSeek-R1',
  'grok-code-fast-1',
  'moonshotai/kimi-k2-instruct-0905',
  'qwen/qwen3-32b',
  'zai-org/GLM-4.6',
  'mistralai/Mixtral-8x7B-Instruct-v0.1',
  'o3-mini',
  'gpt-3.5-turbo',
  'gemma3:1b',
  'gemma2:9b',
])('%s takes text only', (model) => expect(isBlind(model)).toBe(true));

it.each([
  'llama3.2-vision:11b',
  'meta-llama/Llama-3.2-90B-Vision-Instruct',
  'meta-llama/llama-4-scout-17b-16e-instruct',
  'qwen/qwen3-vl-30b',
  'Qwen2.5-VL-7B-Instruct',
  'qwen3.5:9b',
  'moonshotai/kimi-k2.6',
  'kimi-k3',
  'zai-org/GLM-4.6V',
  'gemma3:12b',
  'gemma-3-27b-it',
  'deepseek-ai/deepseek-vl2',
  'gpt-5.4-mini',
  'o3',
  'grok-4.3',
  'claude-sonnet-5-5',
  'mistral-small-latest',
  'default',
  'my-own-model',
])('%s may see', (model) => expect(isBlind(model)).toBe(false));

const KINDS = [
  'groq',
  'together',
  'fireworks',
  'huggingface',
  'ollama',
  'deepseek',
  'openai',
  'xai',
  'gemini',
] as const;

it.each(KINDS)('%s promises vision for those models that may see', (kind) => {
  const [provider] = createProviders([{ kind, apiKey: 'k' }]);
  expect(provider?.capabilities.has('vision')).toBe(kind !== 'deepseek' && !isBlind(provider?.defaultModel ?? ''));
  expect(provider?.model('gpt-oss-20b').capabilities.has('vision')).toBe(false);
  expect(provider?.model('llama-4-scout').capabilities.has('vision')).toBe(kind !== 'deepseek');
});

it('believes an entry that says what its models can do', () => {
  const [provider] = createProviders([{ kind: 'groq', apiKey: 'k', capabilities: ['chat', 'vision'] }]);
  expect([...(provider?.model('gpt-oss-20b').capabilities ?? [])]).toEqual(['chat', 'vision']);
});
