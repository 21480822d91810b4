import { describe, expect, it } from 'vitest';
import { modelChoices } from './model-choices.js';

const provider = (id: string, defaultModel: string, models: string[]) => ({
  id,
  name: id.toUpperCase(),
  defaultModel,
  models,
  capabilities: ['chat', 'stream'],
});

const unnamed = { publicModels: [] };

describe('the models to choose from', () => {
  it('are none while no worker has published any', () => {
    expect(modelChoices(undefined)).toEqual({ models: [] });
  });

  it('begin with the default, and name each model once', () => {
    const { models } = modelChoices({
      ...unnamed,
      defaultModel: 'b/large',
      providers: [provider('a', 'one', ['one', 'two']), provider('b', 'large', [])],
    });
    expect(models.map((model) => model.id)).toEqual(['b/large', 'a/one', 'a/two']);
    expect(models.map((model) => model.default)).toEqual([true, false, false]);
    expect(models[1]).toEqual({
      id: 'a/one',
      label: 'one',
      description: 'A',
      provider: 'a',
      default: false,
      capabilities: ['chat', 'stream'],
    });
  });

  it('say what each of them can do, and what it has refused', () => {
    const { models } = modelChoices({
      defaultModel: 'a/one',
      publicModels: [{ name: 'eyes', provider: 'a', model: 'two' }],
      providers: [{ ...provider('a', 'one', ['one', 'two']), modelCapabilities: { two: ['chat', 'vision'] } }],
      refusedFeatures: [
        { provider: 'a', model: 'two', feature: 'temperature', until: '2026-01-01T00:00:00.000Z' },
        { provider: 'b', model: 'one', feature: 'tools', until: '2026-01-01T00:00:00.000Z' },
      ],
    });
    expect(models.map(({ id, capabilities, refused }) => [id, capabilities, refused])).toEqual([
      ['eyes', ['chat', 'vision'], ['temperature']],
      ['a/one', ['chat', 'stream'], undefined],
      ['a/two', ['chat', 'vision'], ['temperature']],
    ]);
  });

  it('list a default that its provider does not list', () => {
    const { models } = modelChoices({
      ...unnamed,
      defaultModel: 'a/zero',
      providers: [provider('a', 'zero', ['one'])],
    });
    expect(models.map((model) => model.id)).toEqual(['a/zero', 'a/one']);
  });

  it('are what the provider lists where none are configured, its default one first', () => {
    const listed = ['one', 'two'];
    const { models } = modelChoices({
      ...unnamed,
      defaultModel: 'a/two',
      providers: [
        { ...provider('a', 'two', []), listed },
        { ...provider('b', 'x', ['x']), listed },
      ],
    });
    expect(models.map((model) => model.id)).toEqual(['a/two', 'a/one', 'b/x']);
  });

  it('begin with the public names, of which one may be the default', () => {
    const { models } = modelChoices({
      defaultModel: 'a/one',
      providers: [provider('a', 'one', ['one', 'two'])],
      publicModels: [
        { name: 'slow', provider: 'a', model: 'two' },
        { name: 'fast', provider: 'a', model: 'one' },
        { name: 'usual', provider: 'a', model: 'one' },
        { name: 'gone', provider: 'nobody', model: 'one' },
      ],
    });
    expect(models.map((model) => model.id)).toEqual(['slow', 'fast', 'usual', 'a/one', 'a/two']);
    expect(models.filter((model) => model.default).map((model) => model.id)).toEqual(['fast']);
    expect(models[0]).toMatchObject({
      label: 'slow',
      description: 'A',
      provider: 'a',
      capabilities: ['chat', 'stream'],
    });
  });

  it('say their names, their windows and their settings, without those that they have refused', () => {
    const maxTokens = { type: 'integer', minimum: 1, unit: 'tokens' };
    const temperature = { type: 'number', minimum: 0, maximum: 2, default: 1, unit: 'none' };
    const { models } = modelChoices({
      defaultModel: 'a/one',
      publicModels: [
        { name: 'cool', provider: 'a', model: 'two', contextWindow: 500, settings: { temperature: { default: 0 } } },
      ],
      providers: [
        {
          ...provider('a', 'one', ['one', 'two', 'three', 'four']),
          settings: [{ maxTokens, temperature }],
          modelDetails: {
            one: { name: 'Number One', contextWindow: 1_000, maxOutput: 100, settings: 0 },
            two: { name: 'Twin', settings: 0 },
            three: { name: 'Twin' },
          },
        },
      ],
      refusedFeatures: [{ provider: 'a', model: 'two', feature: 'temperature', until: '2026-01-01T00:00:00.000Z' }],
    });
    const shared = { description: 'A', provider: 'a', capabilities: ['chat', 'stream'] };
    expect(models).toEqual([
      {
        ...shared,
        id: 'cool',
        label: 'cool',
        default: false,
        contextWindow: 500,
        settings: {},
        refused: ['temperature'],
      },
      {
        ...shared,
        id: 'a/one',
        label: 'Number One',
        default: true,
        contextWindow: 1_000,
        maxOutputTokens: 100,
        settings: { maxTokens: { ...maxTokens, maximum: 100 }, temperature },
      },
      {
        ...shared,
        id: 'a/two',
        label: 'Twin (two)',
        default: false,
        settings: { maxTokens },
        refused: ['temperature'],
      },
      { ...shared, id: 'a/three', label: 'Twin (three)', default: false },
      { ...shared, id: 'a/four', label: 'four', default: false },
    ]);
  });
});
