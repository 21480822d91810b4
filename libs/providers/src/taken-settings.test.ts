import { describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from './config.js';
import { CallSettings, type SettingName } from './spec/call-settings.js';
import type { LanguageModel } from './spec/language-model.js';
import { type ModelSetting, takenSettings } from './taken-settings.js';
import { EVERY_KIND } from './testing/every-kind.js';

const modelOf = (config: ProviderConfigInput, id?: string): LanguageModel => {
  const [provider] = createProviders([config]);
  return provider!.model(id ?? provider!.defaultModel);
};
const taken = (config: ProviderConfigInput, id = 'm') => takenSettings(modelOf(config, id), { id });

const NAMES = Object.keys(CallSettings.shape) as SettingName[];
const FAMILIES = [
  'claude-sonnet-5-5',
  'claude-opus-4-5',
  'gpt-4o',
  'gpt-5.5',
  'o3',
  'grok-4.3',
  'gemini-2.5-pro',
  'qwen3',
  'm',
];

const cases = EVERY_KIND.filter(({ kind }) => !['module', 'demo'].includes(kind)).flatMap((config) =>
  [undefined, ...FAMILIES].map((id) => [config.kind, id ?? '(default)', modelOf(config, id)] as const),
);

describe('the settings of a model', () => {
  it.each(cases)('%s %s: what is told is taken, and all else is answered with a warning', (_kind, id, model) => {
    const settings = takenSettings(model, { id });
    const isSent = (asked: CallSettings) =>
      CallSettings.safeParse(asked).success && (model.checkSettings?.(asked) ?? []).length === 0;
    const told = Object.entries(settings).flatMap(([name, setting]) =>
      valuesOf(setting).map((value): CallSettings => ({ ...setting.needs, [name]: value })),
    );
    expect(told.filter((asked) => !isSent(asked))).toEqual([]);
    // An effort goes to models that do not reason as well: what they make of it is not known.
    const untold = NAMES.filter((name) => !settings[name] && name !== 'reasoningEffort');
    expect(untold.filter((name) => isSent({ [name]: SAMPLES[name] }))).toEqual([]);
    for (const setting of Object.values(settings))
      expect(setting).toMatchObject({ unit: expect.any(String) as string });
  });

  it('are none of the demo', () => {
    expect(taken({ kind: 'demo' }, 'demo')).toEqual({});
  });

  it('have the range, the unit and the default that hold there', () => {
    const openAI = taken({ kind: 'openai', wire: 'chat', apiKey: 'k' }, 'gpt-4o');
    expect(openAI.temperature).toEqual({ type: 'number', minimum: 0, maximum: 2, default: 1, unit: 'none' });
    expect(openAI.topP).toEqual({ type: 'number', exclusiveMinimum: 0, maximum: 1, default: 1, unit: 'share' });
    expect(openAI.maxTokens).toEqual({ type: 'integer', minimum: 1, unit: 'tokens' });
    expect(openAI).not.toHaveProperty('topK');
    expect(taken({ kind: 'mistral', apiKey: 'k' }).temperature).toMatchObject({ maximum: 1.5 });
    expect(taken({ kind: 'cohere', apiKey: 'k' }).topP).toMatchObject({ minimum: 0.01, maximum: 0.99, default: 0.75 });
    expect(taken({ kind: 'anthropic', apiKey: 'k' }, 'claude-opus-4-5')).toMatchObject({
      maxTokens: { default: 8_192 },
      temperature: { maximum: 1, needs: { reasoningEffort: 'none' } },
    });
    expect(taken({ kind: 'anthropic', apiKey: 'k' }, 'claude-sonnet-5-5')).not.toHaveProperty('temperature');
    expect(taken({ kind: 'huggingface', api: 'inference', apiKey: 'k' }).maxTokens).toMatchObject({ default: 1_024 });
  });

  it('are those of the template of a declared API', () => {
    const base = { kind: 'http', id: 'h', baseUrl: 'http://127.0.0.1:1', response: { stream: 'text' } } as const;
    const body = { q: '{{prompt}}', t: '{{settings.temperature}}' };
    expect(Object.keys(taken({ ...base, request: { path: '/', body } }))).toEqual(['temperature']);
    expect(taken({ ...base, request: { path: '/', body: { q: '{{prompt}}' } } })).toEqual({});
  });

  it('are narrowed by what the list says, and default to what the configuration says', () => {
    const model = modelOf({ kind: 'openrouter', apiKey: 'k' }, 'a/b');
    const info = {
      id: 'a/b',
      settings: ['maxTokens', 'temperature'] as const,
      maxOutput: 100,
      defaults: { temperature: 0.6 },
    };
    const settings = takenSettings(model, info, { maxTokens: 4_000 });
    expect(Object.keys(settings)).toEqual(['maxTokens', 'temperature']);
    expect(settings).toMatchObject({ maxTokens: { maximum: 100, default: 100 }, temperature: { default: 0.6 } });
    expect(takenSettings(model, info, { temperature: 0 }).temperature).toMatchObject({ default: 0 });
  });

  it('are not told of a module, which has code of its own', () => {
    const { checkSettings: _, ...model } = modelOf({ kind: 'demo' });
    expect(takenSettings(model as LanguageModel, { id: 'm' })).toEqual({});
  });
});

const SAMPLES: Required<CallSettings> = {
  maxTokens: 100,
  temperature: 0.5,
  topP: 0.5,
  topK: 5,
  frequencyPenalty: 0.5,
  presencePenalty: 0.5,
  stop: ['x'],
  seed: 1,
  reasoningEffort: 'high',
};

/** The ends of its range, or all of its values. */
function valuesOf({ type, minimum, maximum, exclusiveMinimum, enum: values }: ModelSetting): unknown[] {
  if (Array.isArray(values)) return values;
  if (type === 'array') return [['x']];
  const ends = [minimum, maximum].filter((end) => end !== undefined);
  if (exclusiveMinimum !== undefined) ends.push(exclusiveMinimum + 0.001);
  return ends.length > 0 ? ends : [7];
}
