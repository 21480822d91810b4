import { describe, expect, it } from 'vitest';
import { createProviders } from './config.js';
import { createRegistry } from './registry.js';
import { ProviderError } from './spec/provider-error.js';

const local = (id: string) =>
  ({ kind: 'openai-compatible', id, baseUrl: 'http://127.0.0.1:1/v1', defaultModel: `${id}-default` }) as const;
const openai = { kind: 'openai', apiKey: 'sk-0123456789' } as const;
const demo = { kind: 'demo' } as const;

function failure(run: () => unknown): ProviderError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

describe('resolve', () => {
  const registry = createRegistry(createProviders([local('mine'), openai]));

  it('sends everything after the first slash upstream as it is', () => {
    expect(registry.resolve('mine/org/model:7b').ref).toEqual({ provider: 'mine', model: 'org/model:7b' });
  });

  it.each(['other/model', 'model', '', '/model', 'toString/x'])('refuses "%s", naming the known providers', (name) => {
    const error = failure(() => registry.resolve(name));
    expect([error.code, error.retryable]).toEqual(['model_unknown', false]);
    expect(error.detail).toContain('mine, openai');
  });

  it.each(['mine', 'mine/'])('refuses "%s", which names no model', (name) => {
    expect(failure(() => registry.resolve(name))).toMatchObject({ code: 'model_unknown', ref: { provider: 'mine' } });
  });

  it('looks providers up by id', () => {
    expect(registry.provider('mine').name).toBe('mine');
    expect(failure(() => registry.provider('nobody')).code).toBe('model_unknown');
  });
});

describe('the default', () => {
  it.each([
    ['the first in rank', [demo, { kind: 'ollama' }, local('b'), openai], 'openai/gpt-5.4-mini'],
    [
      'a preset before what the config file has made up',
      [demo, local('b'), { kind: 'groq' }],
      'groq/openai/gpt-oss-120b',
    ],
    [
      'Ollama behind Hugging Face',
      [demo, { kind: 'ollama' }, { kind: 'huggingface' }],
      'huggingface/openai/gpt-oss-120b',
    ],
    ['Ollama before the config file', [local('b'), { kind: 'ollama' }], 'ollama/llama3.2'],
    ['the order of the configuration for the rest', [demo, local('b'), local('a')], 'b/b-default'],
    ['demo last', [demo, local('z')], 'z/z-default'],
    ['demo alone', [demo], 'demo/demo'],
  ] as const)('is %s', (_, configs, name) => {
    const registry = createRegistry(createProviders(configs));
    expect(registry.catalogue().default).toBe(name);
    const { provider, model } = registry.resolve().ref;
    expect(`${provider}/${model}`).toBe(name);
  });

  it('is what the configuration says', () => {
    const registry = createRegistry(createProviders([openai, local('b')]), { defaultModel: 'b/x/y' });
    expect(registry.resolve().ref).toEqual({ provider: 'b', model: 'x/y' });
  });

  it('must name a known provider', () => {
    const providers = createProviders([demo]);
    expect(failure(() => createRegistry(providers, { defaultModel: 'b/x' })).code).toBe('model_unknown');
  });
});

it('has a catalogue that survives JSON', () => {
  const catalogue = createRegistry(createProviders([demo, { ...local('b'), models: ['m1', 'm2'] }])).catalogue();
  expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
  expect(catalogue).toEqual({
    default: 'b/b-default',
    limits: [],
    providers: [
      {
        id: 'demo',
        name: 'Demo',
        defaultModel: 'demo',
        models: ['demo'],
        capabilities: ['chat', 'generate', 'stream', 'tools'],
        keyConfig: { required: false, label: 'No key', where: expect.any(String) },
      },
      {
        id: 'b',
        name: 'b',
        defaultModel: 'b-default',
        models: ['m1', 'm2'],
        capabilities: ['chat', 'generate', 'stream', 'tools'],
        keyConfig: { required: false, label: 'API key', where: expect.any(String) },
      },
    ],
  });
});

it('refuses duplicates, ids with a slash, and nothing at all', () => {
  const [provider] = createProviders([demo]);
  expect(() => createRegistry([provider!, provider!])).toThrow('"demo" is configured twice');
  expect(() => createRegistry([{ ...provider!, id: 'a/b' }])).toThrow('"a/b" must match');
  expect(() => createRegistry([])).toThrow('no provider');
});
