import { expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from './config.js';
import { kindOf } from './adapters/kinds.js';
import { missingKeys } from './missing-keys.js';
import { EVERY_KIND } from './testing/every-kind.js';

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
  { kind: 'groq', baseUrl: 'http://127.0.0.1:1/v1' },
  { kind: 'gemini', baseUrl: 'https://llm.example/google' },
  { kind: 'vllm' },
  { kind: 'ollama' },
  { kind: 'demo' },
])('says nothing of %j', (config) => {
  expect(missing(config)).toEqual([]);
});

// Kinds whose entries are refused without credentials say it then: a test of its own is below. A module asks for its own settings.
const keyed = EVERY_KIND.filter(({ kind }) => !['bedrock', 'vertex', 'module'].includes(kind)).map(
  (entry) => [entry.kind, entry] as const,
);

const keyOf = (entry: ProviderConfigInput) => createProviders([entry])[0]!.keyConfig;

it.each(keyed.filter(([, entry]) => keyOf(entry).required))('%s says what it needs', (kind, entry) => {
  const { label, where } = keyOf(entry);
  const [said, ...more] = missing(entry);
  expect(more).toEqual([]);
  expect(said).toContain(label);
  expect(said).toContain(where);
  expect(where).toMatch(/https:\/\//);
  // What it tells to set exists, and is enough.
  const names: Readonly<Record<string, string>> = kindOf({ kind }).variables?.names ?? {};
  expect(said).toContain(`${names['apiKey']} in the environment`);
  expect(missing({ ...entry, apiKey: 'a-key-0123456789' } as ProviderConfigInput)).toEqual([]);
});

it.each(keyed.filter(([, entry]) => !keyOf(entry).required))('%s needs none', (_, entry) => {
  expect(missing(entry)).toEqual([]);
  expect(keyOf(entry)).toEqual({
    required: false,
    label: expect.stringMatching(/\w/),
    where: expect.stringMatching(/\w/),
  });
});

it('is needed where a vendor answers, whatever the host is called', () => {
  expect(missing({ kind: 'together', baseUrl: 'https://api.together.ai/v1' })).toHaveLength(1);
  expect(missing({ kind: 'ollama', baseUrl: 'https://ollama.com' })).toHaveLength(1);
  expect(missing({ kind: 'ollama', baseUrl: 'https://ollama.com', apiKey: 'k-1' })).toEqual([]);
});

it.each([
  [{ kind: 'bedrock', region: 'us-east-1' }, 'https://console.aws.amazon.com/bedrock'],
  [
    { kind: 'vertex', region: 'us-east5', projectId: 'p' },
    'https://console.cloud.google.com/iam-admin/serviceaccounts',
  ],
])('%j is refused, with where to get what it needs', (entry, where) => {
  expect(() => createProviders([entry as ProviderConfigInput])).toThrow(where);
});
