import { expect, it, vi } from 'vitest';
import { createProviders, createRegistry, MemoryPolicyState } from '#providers';
import { ConfigFile, type Logger } from '#runtime';
import { modelsToBeListed } from './configured-models.js';
import { UnlistedModels } from './unlisted-models.js';

const LIST = ['gpt-5.4', 'gpt-5.4-mini', 'gpt-4.1-2025-04-14', 'whisper-1'];

function checked(models: Record<string, unknown>, more: object = {}, provider: object = {}) {
  const providers = [{ kind: 'openai' as const, apiKey: 'k', ...provider }];
  const names = models as Record<string, string>;
  const file = ConfigFile.parse({ models, ...more });
  const list = modelsToBeListed({ file, providers, models: { names, deadlines: {}, runMs: 1 } });
  const state = new MemoryPolicyState(Date.now);
  const registry = createRegistry(createProviders(providers), { names, state });
  const warn = vi.fn<Logger['warn']>();
  const unlisted = new UnlistedModels({ models: list }, registry, { warn } as unknown as Logger);
  const take = (ids = LIST) => unlisted.check({ id: 'openai', models: ids.map((id) => ({ id })) });
  take();
  return { warn, take, told: () => warn.mock.calls.map(([facts]) => facts) };
}

it('a slip in the name of a model is told once, with every place and the nearest name', () => {
  const { told, take, warn } = checked(
    { fast: 'openai/gpt-5.4-mni', slow: { model: 'openai/gpt-5.4', fallback: ['openai/gpt-5.4-mni'] } },
    { defaults: { model: 'fast' }, titles: { model: 'openai/gpt-5.5-nano-x' } },
    { prices: { 'gpt-54': { input: 1, output: 2 } } },
  );
  expect(told()).toEqual([
    {
      model: 'openai/gpt-5.4-mni',
      configured: ['defaults.model', 'models.fast', 'models.slow.fallback'],
      hint: expect.stringContaining('did you mean "gpt-5.4-mini"?') as string,
    },
    expect.objectContaining({ model: 'openai/gpt-5.5-nano-x', configured: ['titles.model'] }),
    expect.objectContaining({ model: 'openai/gpt-54', configured: ['prices of openai'] }),
  ]);
  take();
  expect(warn).toHaveBeenCalledTimes(3);
});

it('names are told that come with a later list, and not those that it has again', () => {
  const { told, take } = checked({ fast: 'openai/gpt-5.4-mini' });
  expect(told()).toEqual([]);
  take(['gpt-5.4']);
  expect(told()).toEqual([expect.objectContaining({ model: 'openai/gpt-5.4-mini' })]);
});

it.each(['gpt-4.1', 'gpt-4.1-latest', 'gpt-5.4:free', 'gpt-5.4-mini'])('%s is in the list', (model) => {
  expect(checked({ fast: `openai/${model}` }).told()).toEqual([]);
});

it('names that requests fill in, speech, and lists that are no list of the server are not judged', () => {
  expect(checked({ '*': 'openai/*' }, { transcription: { model: 'openai/gpt-4o-transcribe' } }).told()).toEqual([]);
  expect(checked({ fast: 'openai/other' }, {}, { models: ['gpt-5.4'] }).told()).toEqual([]);
  const { told, take, warn } = checked({ fast: 'openai/gpt-5.4' }, {}, { defaultModel: 'mine' });
  warn.mockClear();
  take([]);
  take(['mine']);
  expect(told()).toEqual([]);
});
