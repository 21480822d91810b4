import type { Catalogue } from '#runtime';

/** One entry of a composer's model picker; `id`, `label`, `description` and `default` are named as ChatKit has them. */
export interface ModelChoice {
  /** A public name, or `provider/model`. */
  readonly id: string;
  readonly label: string;
  /** The provider's name. */
  readonly description: string;
  readonly provider: string;
  /** The one that answers if a message names none. */
  readonly default: boolean;
  readonly capabilities: readonly string[];
  /** What the model has refused, so that it is asked without it for a day; absent if nothing. */
  readonly refused?: readonly string[];
}

export interface ModelChoices {
  readonly models: readonly ModelChoice[];
}

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
  const models = catalogue.providers.flatMap((provider) =>
    modelsOf(provider).map((model): ModelChoice => {
      const id = `${provider.id}/${model}`;
      return {
        ...choiceOf(provider, model, catalogue),
        id,
        label: model,
        default: !isNamed && id === catalogue.defaultModel,
      };
    }),
  );
  const isDefault = ({ id }: ModelChoice) => id === catalogue.defaultModel;
  return { models: [...named, ...models.toSorted((a, b) => Number(isDefault(b)) - Number(isDefault(a)))] };
}

type KnownProvider = Catalogue['providers'][number];

function modelsOf({ defaultModel, models, listed = [] }: KnownProvider): string[] {
  return [...new Set([defaultModel, ...(models.length > 0 ? models : listed)])];
}

/** Those whose provider is known. Several may refer to the default model: the first of them is the default. */
function publicChoices(catalogue: Known): ModelChoice[] {
  const { defaultModel, providers, publicModels } = catalogue;
  const known = publicModels.flatMap(({ name, provider, model }) => {
    const entry = providers.find(({ id }) => id === provider);
    return entry ? [{ name, entry, model, ref: `${provider}/${model}` }] : [];
  });
  const first = known.find(({ ref }) => ref === defaultModel);
  return known.map((one) => ({
    ...choiceOf(one.entry, one.model, catalogue),
    id: one.name,
    label: one.name,
    default: one === first,
  }));
}

function choiceOf(
  { id, name, capabilities, modelCapabilities }: KnownProvider,
  model: string,
  { refusedFeatures = [] }: Known,
) {
  const refused = refusedFeatures.flatMap((one) => (one.provider === id && one.model === model ? one.feature : []));
  return {
    description: name,
    provider: id,
    capabilities: modelCapabilities?.[model] ?? capabilities,
    ...(refused.length > 0 && { refused }),
  };
}
