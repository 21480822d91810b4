import { describe, expect, it } from 'vitest';
import { modelChoices } from './model-choices.js';

const provider = (id: string, defaultModel: string, models: string[]) => ({
  id,
  name: id.toUpperCase(),
  defaultModel,
  models,
  capabilities: ['chat', 'stream'],
});

describe('the models to choose from', () => {
  it('are none while no worker has published any', () => {
    expect(modelChoices(undefined)).toEqual({ models: [] });
  });

  it('begin with the default, and name each model once', () => {
    const { models } = modelChoices({
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

  it('list a default that its provider does not list', () => {
    const { models } = modelChoices({ defaultModel: 'a/zero', providers: [provider('a', 'zero', ['one'])] });
    expect(models.map((model) => model.id)).toEqual(['a/zero', 'a/one']);
  });
});
