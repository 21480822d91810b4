import {
  type CatalogueEntry,
  type ModelInfo,
  type ModelNameMap,
  type ModelRef,
  ProviderError,
  type Registry,
} from '#providers';
import type { PublishedBreaker, PublishedCatalogue, PublishedRefusal } from '#runtime';
import { publishedAssistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { ProviderStatus } from '../providers/provider-watch.js';
import type { DescribedModel, ModelFacts } from './published-models.js';

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
export function publishedCatalogue(parts: CatalogueParts): PublishedCatalogue {
  const { registry, assistants, names, facts, statusOf, openBreakers, refusedFeatures } = parts;
  const { default: defaultModel, providers, limits } = registry.catalogue();
  const publicModels = publicModelsOf(parts);
  return {
    defaultModel,
    providers: providers.map(({ models = [], capabilities, keys, ...entry }) => {
      const { listed, health } = statusOf(entry.id);
      return {
        ...entry,
        models: [...models],
        capabilities: [...capabilities],
        ...(keys && { keys: [...keys] }),
        ...facts.of(registry.provider(entry.id), wantedOf({ models, ...entry }, publicModels, listed)),
        // Those that are configured are all that is offered.
        ...(listed && models.length === 0 && { listed: capped(entry.defaultModel, listed) }),
        ...(health && { health }),
      };
    }),
    modelNames: publicNamesOf(names),
    publicModels: publicModels.map(({ described, contextWindow, ...model }) => ({
      ...model,
      ...(contextWindow !== undefined && { contextWindow }),
      ...(described.own && { settings: facts.settings(described) }),
    })),
    anyModel: Object.hasOwn(names, ANY_NAME),
    openBreakers: [...openBreakers],
    refusedFeatures: [...refusedFeatures],
    limits: [...limits],
    assistants: assistants.all().map(publishedAssistant),
    defaultAssistant: assistants.defaultId,
  };
}

/** All models whose settings the catalogue has. */
export function describedModels(parts: Pick<CatalogueParts, 'registry' | 'names' | 'statusOf'>): DescribedModel[] {
  const { registry, statusOf } = parts;
  const publicModels = publicModelsOf(parts);
  const withOwn = publicModels.flatMap(({ described }) => (described.own ? [described] : []));
  const others = registry.catalogue().providers.flatMap((entry) => {
    const provider = registry.provider(entry.id);
    return wantedOf(entry, publicModels, statusOf(entry.id).listed).map((info) => ({ provider, info }));
  });
  return [...withOwn, ...others];
}

const publicNamesOf = (names: ModelNameMap): string[] => Object.keys(names).filter((name) => name !== ANY_NAME);

interface PublicModel {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly contextWindow?: number | undefined;
  readonly described: DescribedModel;
}

/** The public names that stand for a model, and what they say of it themselves. */
function publicModelsOf({
  registry,
  names,
  statusOf,
}: Pick<CatalogueParts, 'registry' | 'names' | 'statusOf'>): PublicModel[] {
  return publicNamesOf(names).flatMap((name) => {
    const ref = refBehind(name, registry);
    if (!ref) return [];
    const entry = names[name];
    const { contextWindow, settings: own } = typeof entry === 'object' ? entry : {};
    const info = statusOf(ref.provider).listed?.find(({ id }) => id === ref.model) ?? { id: ref.model };
    return [{ name, ...ref, contextWindow, described: { provider: registry.provider(ref.provider), info, own } }];
  });
}

/** The models of a provider whose facts are published, each once. */
function wantedOf(
  { id, defaultModel, models = [] }: Pick<CatalogueEntry, 'id' | 'defaultModel' | 'models'>,
  publicModels: readonly PublicModel[],
  listed: readonly ModelInfo[] = [],
): ModelInfo[] {
  const infos = new Map(listed.map((info) => [info.id, info]));
  const named = publicModels.flatMap(({ provider, model }) => (provider === id ? model : []));
  const offered = models.length > 0 ? models : capped(defaultModel, listed);
  const wanted = new Set([defaultModel, ...named, ...offered].slice(0, 2 * MAX_LISTED_MODELS));
  return [...wanted].map((model) => infos.get(model) ?? { id: model });
}

/** The default model first, so that it is never what is cut off. */
function capped(defaultModel: string, listed: readonly ModelInfo[]): string[] {
  const ids = listed.map(({ id }) => id);
  const known = ids.includes(defaultModel) ? [defaultModel] : [];
  return [...new Set([...known, ...ids])].slice(0, MAX_LISTED_MODELS);
}

/** Undefined for a name that stands for no provider's model: a request for it gets an error. */
function refBehind(name: string, registry: CatalogueParts['registry']): ModelRef | undefined {
  try {
    return registry.resolve(name).ref;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
