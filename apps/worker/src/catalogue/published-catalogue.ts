import { type ModelNameMap, ProviderError, type Registry } from '#providers';
import type { PublishedBreaker, PublishedCatalogue, PublishedRefusal } from '#runtime';
import { publishedAssistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { ProviderStatus } from '../providers/provider-watch.js';
import type { ModelFacts } from './published-models.js';

/** The public name that takes every other one. */
const ANY_NAME = '*';

/** Longer lists of a provider are cut: they are too long to choose from, and every API reads them every few seconds. */
export const MAX_LISTED_MODELS = 100;

export interface CatalogueParts {
  readonly registry: Pick<Registry, 'catalogue' | 'resolve' | 'provider'>;
  readonly assistants: Pick<Assistants, 'all' | 'defaultId'>;
  readonly names: ModelNameMap;
  readonly facts: ModelFacts;
  readonly statusOf: (providerId: string) => ProviderStatus;
  readonly openBreakers: readonly PublishedBreaker[];
  readonly refusedFeatures: readonly PublishedRefusal[];
}

/** What this worker offers now, in terms that the API understands without knowing any provider. */
export function publishedCatalogue({
  registry,
  assistants,
  names,
  facts,
  statusOf,
  openBreakers,
  refusedFeatures,
}: CatalogueParts): PublishedCatalogue {
  const { default: defaultModel, providers } = registry.catalogue();
  const publicNames = Object.keys(names).filter((name) => name !== ANY_NAME);
  const publicModels = publicNames.flatMap((name) => modelBehind(name, registry));
  const withOwn = publicModels.map((one) => ({ ...one, ...ownFacts(one) }));

  /** What a public name says of its model itself. */
  function ownFacts({ name, provider, model }: (typeof publicModels)[number]) {
    const entry = names[name];
    if (typeof entry !== 'object') return {};
    const { contextWindow, settings } = entry;
    const listed = statusOf(provider).listed ?? [];
    return {
      ...(contextWindow !== undefined && { contextWindow }),
      ...(settings && { settings: facts.named(registry.provider(provider), model, listed, settings) }),
    };
  }

  return {
    defaultModel,
    providers: providers.map(({ models = [], capabilities, ...provider }) => {
      const { listed, health } = statusOf(provider.id);
      const ids = listed?.map(({ id }) => id);
      const named = publicModels.flatMap((one) => (one.provider === provider.id ? one.model : []));
      const offered = models.length > 0 ? models : capped(provider.defaultModel, ids ?? []);
      const wanted = [provider.defaultModel, ...named, ...offered].slice(0, 2 * MAX_LISTED_MODELS);
      return {
        ...provider,
        models: [...models],
        capabilities: [...capabilities],
        ...facts.of(registry.provider(provider.id), wanted, listed ?? []),
        // Those that are configured are all that is offered.
        ...(ids && models.length === 0 && { listed: capped(provider.defaultModel, ids) }),
        ...(health && { health }),
      };
    }),
    modelNames: publicNames,
    publicModels: withOwn,
    anyModel: Object.hasOwn(names, ANY_NAME),
    openBreakers: [...openBreakers],
    refusedFeatures: [...refusedFeatures],
    assistants: assistants.all().map(publishedAssistant),
    defaultAssistant: assistants.defaultId,
  };
}

/** The default model first, so that it is never what is cut off. */
function capped(defaultModel: string, listed: readonly string[]): string[] {
  const known = listed.includes(defaultModel) ? [defaultModel] : [];
  return [...new Set([...known, ...listed])].slice(0, MAX_LISTED_MODELS);
}

/** None for a name that stands for no provider's model: a request for it gets an error. */
function modelBehind(name: string, registry: CatalogueParts['registry']) {
  try {
    return [{ name, ...registry.resolve(name).ref }];
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
