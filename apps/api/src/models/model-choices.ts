import type { Catalogue } from '#runtime';

/** One entry of a composer's model picker; `id`, `label`, `description` and `default` are named as ChatKit has them. */
export interface ModelChoice {
  /** `provider/model`. */
  readonly id: string;
  readonly label: string;
  /** The provider's name. */
  readonly description: string;
  readonly provider: string;
  /** The one that answers when none is asked for. */
  readonly default: boolean;
  readonly capabilities: readonly string[];
}

export interface ModelChoices {
  readonly models: readonly ModelChoice[];
}

/** The models that the catalogue names, the default one first. A provider that lists none offers its default model. */
export function modelChoices(catalogue: Pick<Catalogue, 'defaultModel' | 'providers'> | undefined): ModelChoices {
  if (!catalogue) return { models: [] };
  const models = catalogue.providers.flatMap((provider) =>
    [...new Set([provider.defaultModel, ...provider.models])].map((model): ModelChoice => {
      const id = `${provider.id}/${model}`;
      return {
        id,
        label: model,
        description: provider.name,
        provider: provider.id,
        default: id === catalogue.defaultModel,
        capabilities: provider.capabilities,
      };
    }),
  );
  return { models: models.toSorted((a, b) => Number(b.default) - Number(a.default)) };
}
