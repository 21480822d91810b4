import { expect, it } from 'vitest';
import { createProviders, createRegistry, type ProviderConfigInput } from '#providers';
import { MAX_LISTED_MODELS, publishedCatalogue } from './published-catalogue.js';
import type { ProviderStatus } from '../providers/provider-watch.js';

const KEY = 'sk-very-secret-0123456789';
const local: ProviderConfigInput = {
  kind: 'openai-compatible',
  id: 'local',
  baseUrl: 'http://127.0.0.1:1/v1',
  defaultModel: 'usual',
  apiKey: KEY,
  headers: { 'x-team': KEY },
};

function published(config: ProviderConfigInput, status: ProviderStatus, names: Record<string, string> = {}) {
  return publishedCatalogue({
    registry: createRegistry(createProviders([config]), { names }),
    assistants: { all: () => [], defaultId: 'default' },
    names,
    statusOf: () => status,
    openBreakers: [],
    refusedFeatures: [],
  });
}

it('holds what a provider lists and its health, and never a key', () => {
  const health = { ok: true, latencyMs: 3, checkedAt: '2026-01-01T00:00:00.000Z' };
  const catalogue = published(local, { listed: ['a', 'b'], health });
  expect(catalogue.providers).toMatchObject([{ id: 'local', models: [], listed: ['a', 'b'], health }]);
  expect(catalogue.providers[0]?.keyConfig).toEqual({
    required: false,
    label: 'API key',
    where: expect.any(String) as string,
  });
  expect(JSON.stringify(catalogue)).not.toContain(KEY);
});

it('offers the first of many, the default one among them', () => {
  const many = [...Array.from({ length: 300 }, (_, index) => `m${index}`), 'usual'];
  const { listed = [] } = published(local, { listed: many }).providers[0] ?? {};
  expect(listed).toHaveLength(MAX_LISTED_MODELS);
  expect(listed.slice(0, 2)).toEqual(['usual', 'm0']);
});

it('leaves to the configuration what it names, however many', () => {
  const models = Array.from({ length: 300 }, (_, index) => `m${index}`);
  const [provider] = published({ ...local, models }, { listed: models }).providers;
  expect(provider).toMatchObject({ models });
  expect(provider).not.toHaveProperty('listed');
});

it('resolves public names, except for the one that takes every name and those that stand for nothing', () => {
  const catalogue = published(local, {}, { fast: 'local/quick', lost: 'nobody/x', '*': 'local/*' });
  expect(catalogue.publicModels).toEqual([{ name: 'fast', provider: 'local', model: 'quick' }]);
  expect([catalogue.modelNames, catalogue.anyModel]).toEqual([['fast', 'lost'], true]);
});

it('says of models what they can do, where it is not what the default model can', () => {
  const [provider] = published(
    { kind: 'groq', models: ['openai/gpt-oss-20b', 'meta-llama/llama-4-scout'] },
    {},
  ).providers;
  expect(provider?.capabilities).not.toContain('vision');
  expect(Object.keys(provider?.modelCapabilities ?? {})).toEqual(['meta-llama/llama-4-scout']);
  expect(provider?.modelCapabilities?.['meta-llama/llama-4-scout']).toContain('vision');
});
