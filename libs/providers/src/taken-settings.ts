import * as z from 'zod';
import { CallSettings, type SettingFacts, type SettingName } from './spec/call-settings.js';
import type { LanguageModel } from './spec/language-model.js';
import type { ModelInfo } from './spec/provider.js';
import { ProviderError } from './spec/provider-error.js';

/** One setting of a model, in the words of JSON Schema; `unit` is what its values are counted in. */
export interface ModelSetting {
  readonly type: 'integer' | 'number' | 'string' | 'array';
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: Readonly<Record<string, unknown>>;
  /** What holds where a call says nothing; absent where only the server knows. */
  readonly default?: string | number | readonly string[];
  readonly unit: string;
  /** Other settings that it is refused without. */
  readonly needs?: CallSettings;
}

/** The settings that a model takes, by the names that the configuration has for them. */
export type ModelSettings = Readonly<Partial<Record<SettingName, ModelSetting>>>;

/** JSON Schema of each setting, for any model. */
const SCHEMAS = settingSchemas();

function settingSchemas(): Readonly<Record<SettingName, ModelSetting>> {
  const { properties = {} } = z.toJSONSchema(CallSettings) as { properties?: Record<string, object> };
  const schemas = Object.entries(properties).map(([name, schema]) => {
    const told = Object.entries(schema).filter(([word, value]) => !/m(in|ax)imum$/i.test(word) || !isAnyInteger(value));
    return [name, Object.fromEntries(told)];
  });
  return Object.fromEntries(schemas) as Record<SettingName, ModelSetting>;
}

/** zod says of whole numbers that they are no larger than JavaScript's, which no server means. */
function isAnyInteger(value: unknown): boolean {
  return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}

type Effort = NonNullable<CallSettings['reasoningEffort']>;

/** A value of each that is in the middle of what servers take, without those that one of another group excludes. */
const SAMPLES: readonly CallSettings[] = [
  {
    maxTokens: 1_000,
    temperature: 0.5,
    topK: 40,
    frequencyPenalty: 0.5,
    presencePenalty: 0.5,
    stop: ['END'],
    seed: 1,
  },
  { topP: 0.5 },
];

const EFFORTS = CallSettings.shape.reasoningEffort.unwrap().options;

/**
 * What a model takes, found out by what its adapter would write into a request, so that there is no second list of it. Asks nobody.
 * Empty where that cannot be told in advance. `configured`: what the configuration says for its calls.
 */
export function takenSettings(model: LanguageModel, info: ModelInfo, configured: CallSettings = {}): ModelSettings {
  if (!model.checkSettings) return {};
  const refused = (settings: CallSettings) => refusedOf(model, settings);
  const reasons = model.capabilities.has('reasoning');
  const efforts = reasons ? EFFORTS.filter((effort) => refused({ reasoningEffort: effort }).size === 0) : [];
  const needs = needsOf(efforts, refused);
  const facts = model.settingFacts?.() ?? {};
  const settings = (Object.keys(SCHEMAS) as SettingName[]).flatMap((name): [SettingName, ModelSetting][] => {
    const isEffort = name === 'reasoningEffort';
    const needed = isEffort ? efforts.length > 0 && {} : needs(name);
    if (!needed || (info.settings && !info.settings.includes(name))) return [];
    const more = { ...(isEffort && { enum: efforts }), ...(Object.keys(needed).length > 0 && { needs: needed }) };
    return [[name, { ...described(name, facts, info, configured), ...more }]];
  });
  return Object.fromEntries(settings);
}

/** Its type, range, unit and default. */
function described(
  name: SettingName,
  { ranges = {}, defaults = {} }: SettingFacts,
  info: ModelInfo,
  configured: CallSettings,
): ModelSetting {
  const { exclusiveMinimum, ...schema } = SCHEMAS[name];
  const narrower = ranges[name] ?? {};
  const limit = name === 'maxTokens' ? info.maxOutput : undefined;
  const usual = { ...defaults, ...info.defaults, ...configured }[name];
  return {
    ...schema,
    ...(exclusiveMinimum !== undefined && narrower.minimum === undefined && { exclusiveMinimum }),
    ...narrower,
    ...(limit !== undefined && { maximum: limit }),
    ...(usual !== undefined && { default: limit !== undefined && Number(usual) > limit ? limit : usual }),
  };
}

/** What else must be said for a setting to be taken; undefined where nothing helps. */
function needsOf(
  efforts: readonly Effort[],
  refused: (settings: CallSettings) => ReadonlySet<string>,
): (name: SettingName) => CallSettings | undefined {
  const strongest = efforts.at(-1);
  const without: CallSettings = { reasoningEffort: 'none' };
  const refusedWith = (more: CallSettings) =>
    new Set(SAMPLES.flatMap((samples) => [...refused({ ...samples, ...more })]));
  const alone = refusedWith({});
  const reasoning = strongest === undefined ? alone : refusedWith({ reasoningEffort: strongest });
  const unreasoning = efforts.includes('none') ? refusedWith(without) : undefined;
  return (name) => {
    if (!alone.has(name) && !reasoning.has(name)) return {};
    if (unreasoning && !unreasoning.has(name)) return without;
    // By default it is taken, and nothing says how to get back to the default.
    return alone.has(name) ? undefined : {};
  };
}

/** The names of those that the model would not get as they are. */
function refusedOf(model: LanguageModel, settings: CallSettings): ReadonlySet<string> {
  try {
    const warnings = model.checkSettings?.(settings) ?? [];
    return new Set(warnings.flatMap((warning) => ('setting' in warning ? warning.setting : [])));
  } catch (error) {
    if (error instanceof ProviderError) return new Set(Object.keys(settings));
    throw error;
  }
}
