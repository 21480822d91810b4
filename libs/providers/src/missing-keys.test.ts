import { expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from './config.js';
import { missingKeys } from './missing-keys.js';

const missing = (config: ProviderConfigInput) => missingKeys([config], createProviders([config]));

it('names what is missing, where it is set and where to get it', () => {
  expect(missing({ kind: 'groq' })).toEqual([
    expect.stringMatching(/^provider "groq" has no key .*apiKey.*GROQ_API_KEY.*https:\/\/console\.groq\.com/),
  ]);
  expect(missing({ kind: 'anthropic', id: 'claude' })).toEqual([
    expect.stringContaining('provider "claude" has no key'),
  ]);
});

it.each<ProviderConfigInput>([
  { kind: 'groq', apiKey: 'gsk-1234' },
  { kind: 'groq', apiKeys: ['gsk-1234', 'gsk-5678'] },
  { kind: 'groq', headers: { Authorization: 'Bearer gsk-1234' } },
  { kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
  { kind: 'vllm' },
  { kind: 'ollama' },
  { kind: 'demo' },
])('says nothing of %j', (config) => {
  expect(missing(config)).toEqual([]);
});
