import { describe, expect, it, vi } from 'vitest';
import {
  createProviders,
  createRegistry,
  type LanguageModel,
  type ModelNameMap,
  type Provider,
  type ProviderConfigInput,
} from '#providers';
import { type CatalogueParts, describedModels, MAX_LISTED_MODELS, publishedCatalogue } from './published-catalogue.js';
import { ModelFacts } from './published-models.js';
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

const ids = (models: readonly string[]) => models.map((id) => ({ id }));

function partsOf(config: ProviderConfigInput, status: ProviderStatus, names: ModelNameMap = {}): CatalogueParts {
  return {
    registry: createRegistry(createProviders([config]), { names }),
    assistants: { all: () => [], defaultId: 'default' },
    names,
    facts: new ModelFacts(),
    statusOf: () => status,
    openBreakers: [],
    refusedFeatures: [],
  };
}

const published = (...given: Parameters<typeof partsOf>) => publishedCatalogue(partsOf(...given));

it('holds what a provider lists and its health, and never a key', () => {
  const health = { ok: true, latencyMs: 3, checkedAt: '2026-01-01T00:00:00.000Z' };
  const catalogue = published(local, { listed: ids(['a', 'b']), health });
  expect(catalogue.providers).toMatchObject([{ id: 'local', models: [], listed: ['a', 'b'], health }]);
  expect(catalogue.providers[0]?.keyConfig).toEqual({
    required: false,
    label: 'API key',
    where: expect.any(String) as string,
  });
  expect(JSON.stringify(catalogue)).not.toContain(KEY);
});

it('holds the limits, and fingerprints of keys where there are several', () => {
  const limits = { concurrency: 2, requestsPerMinute: 60, tokensPerMinute: 1_000 };
  const { apiKey: _, ...entry } = local as typeof local & { readonly apiKey: string };
  const catalogue = published(
    { ...entry, apiKeys: [KEY, 'another-key'], limits },
    {},
    {
      fast: { model: 'local/b', limits: { concurrency: 1 } },
      plain: 'local/b',
    },
  );
  expect(catalogue.limits).toEqual([
    { scope: 'provider/local', kind: 'concurrency', key: 'provider/local/calls', most: 2 },
    { scope: 'provider/local', kind: 'requests', key: 'provider/local/requests', perMinute: 60, burst: 3 },
    { scope: 'provider/local', kind: 'tokens', key: 'provider/local/tokens', perMinute: 1_000, burst: 50 },
    { scope: 'model/fast', kind: 'concurrency', key: 'model/fast/calls', most: 1 },
  ]);
  const fingerprint = expect.stringMatching(/^[0-9a-f]{12}$/) as string;
  expect(catalogue.providers[0]?.keys).toEqual([fingerprint, fingerprint]);
  expect(JSON.stringify(catalogue)).not.toContain(KEY);
});

it('offers the first of many, the default one among them', () => {
  const many = [...Array.from({ length: 300 }, (_, index) => `m${index}`), 'usual'];
  const { listed = [] } = published(local, { listed: ids(many) }).providers[0] ?? {};
  expect(listed).toHaveLength(MAX_LISTED_MODELS);
  expect(listed.slice(0, 2)).toEqual(['usual', 'm0']);
});

it('leaves to the configuration what it names, however many', () => {
  const models = Array.from({ length: 300 }, (_, index) => `m${index}`);
  const [provider] = published({ ...local, models }, { listed: ids(models) }).providers;
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

it('says what is known of models, and which settings they take, each different set once', () => {
  const listed = [
    { id: 'usual', name: 'The Usual', contextWindow: 8_000, maxOutput: 2_000 },
    { id: 'b', contextWindow: 16_000, maxOutput: 4_000 },
    { id: 'c', defaults: { temperature: 0.2 } },
  ];
  const config = { ...local, contextWindows: { b: 12_000 }, settings: { topP: 0.9 } };
  const [provider] = published(config, { listed }).providers;
  expect(provider?.modelDetails).toEqual({
    usual: { name: 'The Usual', contextWindow: 8_000, maxOutput: 2_000, settings: 0 },
    b: { contextWindow: 12_000, maxOutput: 4_000, settings: 0 },
    c: { settings: 1 },
  });
  expect(provider?.settings?.map(({ temperature, topP }) => [temperature?.['default'], topP?.['default']])).toEqual([
    [undefined, 0.9],
    [0.2, 0.9],
  ]);
});

it('says of a public name what it says itself', () => {
  const careful = { model: 'local/b', contextWindow: 4_000, settings: { temperature: 0 } };
  const { publicModels } = published(local, { listed: ids(['b']) }, { careful, plain: 'local/b' });
  expect(publicModels).toMatchObject([
    { name: 'careful', contextWindow: 4_000, settings: { temperature: { default: 0, minimum: 0, maximum: 2 } } },
    { name: 'plain' },
  ]);
  expect(publicModels?.[1]).not.toHaveProperty('settings');
});

/** The models whose settings are tried out, once for each time. */
function countTries(parts: CatalogueParts) {
  const tried: string[] = [];
  const real = parts.registry.provider.bind(parts.registry);
  vi.spyOn(parts.registry, 'provider').mockImplementation((id) => {
    const provider = real(id);
    const model: Provider['model'] = (name) => {
      const made = provider.model(name);
      const checkSettings: LanguageModel['checkSettings'] = (settings) => {
        if (tried.at(-1) !== name) tried.push(name);
        return made.checkSettings?.(settings) ?? [];
      };
      return { ...made, stream: made.stream.bind(made), checkSettings };
    };
    return { ...provider, model };
  });
  return tried;
}

describe('the settings of a new list', () => {
  const listed = Array.from({ length: 20 }, (_, index) => ({ id: `m${index}`, maxOutput: 1_000 + index }));
  const names = { careful: { model: 'local/m1', settings: { temperature: 0 } } };

  it('are found one model at a time, while other work of the process goes on', async () => {
    const parts = partsOf(local, { listed }, names);
    const tried = countTries(parts);
    const seen: number[] = [];
    let isLearning = true;
    const watch = (): void => {
      seen.push(tried.length);
      if (isLearning) setImmediate(watch);
    };
    setImmediate(watch);
    await parts.facts.learn(describedModels(parts));
    isLearning = false;
    // The list, the default model, and the one that a name has settings for.
    expect(tried).toHaveLength(22);
    expect(new Set(seen).size).toBeGreaterThan(20);
  });

  it('are all known when the catalogue is made, and not found again', async () => {
    const parts = partsOf(local, { listed }, names);
    const unlearned = publishedCatalogue(parts);
    const tried = countTries(parts);
    await parts.facts.learn(describedModels(parts));
    tried.length = 0;
    await parts.facts.learn(describedModels(parts));
    expect(publishedCatalogue(parts)).toEqual(unlearned);
    expect(tried).toEqual([]);
  });

  it('are forgotten with their models', async () => {
    const parts = partsOf(local, { listed });
    const tried = countTries(parts);
    await parts.facts.learn(describedModels(parts));
    await parts.facts.learn([]);
    tried.length = 0;
    await parts.facts.learn(describedModels(parts));
    expect(tried).toHaveLength(21);
  });
});
