import { z } from 'zod';
import type { Catalogue, PublishedSettings } from '#runtime';
import type { AnswerOf } from '../described/describes.js';

/** One entry of a composer's model picker; `id`, `label`, `description` and `default` are named as ChatKit has them. */
const ModelChoice = z.object({
  /** A public name, or `provider/model`. */
  id: z.string(),
  label: z.string(),
  /** The provider's name. */
  description: z.string(),
  provider: z.string(),
  /** The one that answers if a message names none. */
  default: z.boolean(),
  capabilities: z.array(z.string()),
  /** Tokens of prompt and answer together; absent where nobody says. */
  contextWindow: z.number().optional(),
  /** Tokens that an answer may have at most; absent where the provider does not say. */
  maxOutputTokens: z.number().optional(),
  /** What the model takes, by the names of the configuration: JSON Schema of each with its default, and its `unit`. */
  settings: z.record(z.string(), z.record(z.string(), z.json())).optional(),
  /** What the model has refused, so that it is asked without it for a day; absent if nothing. */
  refused: z.array(z.string()).optional(),
});
export type ModelChoice = AnswerOf<typeof ModelChoice>;

export const ModelChoices = z.object({ models: z.array(ModelChoice) });
export type ModelChoices = AnswerOf<typeof ModelChoices>;

type Known = Pick<Catalogue, 'defaultModel' | 'providers' | 'publicModels'> &
  Partial<Pick<Catalogue, 'refusedFeatures'>>;

/**
 * Public names first, in the order of the configuration; then the models of each provider, with the default model before all
 * others: the configured ones, or else those that the provider lists (workers publish the first hundred). A provider that
 * lists none offers its default model. If the default model has a public name, that entry is the default instead.
 */
export function modelChoices(catalogue: Known | undefined): ModelChoices {
  if (!catalogue) return { models: [] };
  const named = publicChoices(catalogue);
  const isNamed = named.some((choice) => choice.default);
  const models = catalogue.providers.flatMap((provider) => {
    const ids = modelsOf(provider);
    const labelOf = labelsOf(provider, ids);
    return ids.map((model): ModelChoice => {
      const id = `${provider.id}/${model}`;
      return {
        ...choiceOf(provider, model, catalogue),
        id,
        label: labelOf(model),
        default: !isNamed && id === catalogue.defaultModel,
      };
    });
  });
  const isDefault = ({ id }: ModelChoice) => id === catalogue.defaultModel;
  return { models: [...named, ...models.toSorted((a, b) => Number(isDefault(b)) - Number(isDefault(a)))] };
}

type KnownProvider = Catalogue['providers'][number];

function modelsOf({ defaultModel, models, listed = [] }: KnownProvider): string[] {
  return [...new Set([defaultModel, ...(models.length > 0 ? models : listed)])];
}

/** The provider's own names; where several models have one name, with the id behind it. */
function labelsOf({ modelDetails = {} }: KnownProvider, ids: readonly string[]): (id: string) => string {
  const names = ids.map((id) => modelDetails[id]?.name ?? id);
  return (id) => {
    const name = modelDetails[id]?.name ?? id;
    return name === id || names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${id})`;
  };
}

/** Those whose provider is known. Several may refer to the default model: the first of them is the default. */
function publicChoices(catalogue: Known): ModelChoice[] {
  const { defaultModel, providers, publicModels } = catalogue;
  const known = publicModels.flatMap((one) => {
    const entry = providers.find(({ id }) => id === one.provider);
    return entry ? [{ ...one, entry, ref: `${one.provider}/${one.model}` }] : [];
  });
  const first = known.find(({ ref }) => ref === defaultModel);
  return known.map((one) => ({
    ...choiceOf(one.entry, one.model, catalogue, one),
    id: one.name,
    label: one.name,
    default: one === first,
  }));
}

/** `own`: what a public name says of its model itself. */
function choiceOf(
  { id, name, capabilities, modelCapabilities, modelDetails, settings: sets }: KnownProvider,
  model: string,
  { refusedFeatures = [] }: Known,
  own: Pick<Catalogue['publicModels'][number], 'contextWindow' | 'settings'> = {},
) {
  const refused = refusedFeatures.flatMap((one) => (one.provider === id && one.model === model ? one.feature : []));
  const { contextWindow: window, maxOutput, settings: place } = modelDetails?.[model] ?? {};
  const contextWindow = own.contextWindow ?? window;
  const settings = own.settings ?? (place === undefined ? undefined : sets?.[place]);
  return {
    description: name,
    provider: id,
    capabilities: modelCapabilities?.[model] ?? capabilities,
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutput !== undefined && { maxOutputTokens: maxOutput }),
    ...(settings && { settings: stillTaken(settings, refused, maxOutput) }),
    ...(refused.length > 0 && { refused }),
  };
}

/** The settings by the names of what a model may refuse of a request. */
const SETTING_OF: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  stop: 'stop',
  seed: 'seed',
  reasoning: 'reasoningEffort',
  max_tokens: 'maxTokens',
};

/** Without those that the model has refused, and with the largest answer that it can give. */
function stillTaken(
  settings: PublishedSettings,
  refused: readonly string[],
  maxOutput: number | undefined,
): PublishedSettings {
  const gone = new Set(refused.map((feature) => SETTING_OF[feature]));
  const left = Object.entries(settings).filter(([name]) => !gone.has(name));
  const taken = Object.fromEntries(left);
  const { maxTokens } = taken;
  return maxTokens && maxOutput !== undefined ? { ...taken, maxTokens: { ...maxTokens, maximum: maxOutput } } : taken;
}
