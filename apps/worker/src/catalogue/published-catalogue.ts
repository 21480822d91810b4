import { type Capability, type ModelNameMap, type Provider, ProviderError, type Registry } from '#providers';
import type { PublishedBreaker, PublishedCatalogue, PublishedRefusal } from '#runtime';
import { publishedAssistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { ProviderStatus } from '../providers/provider-watch.js';

/** The public name that takes every other one. */
const ANY_NAME = '*';

/** Longer lists of a provider are cut: they are too long to choose from, and every API reads them every few seconds. */
export const MAX_LISTED_MODELS = 100;

export interface CatalogueParts {
  readonly registry: Pick<Registry, 'catalogue' | 'resolve' | 'provider'>;
  readonly assistants: Pick<Assistants, 'all' | 'defaultId'>;
  readonly names: ModelNameMap;
  readonly statusOf: (providerId: string) => ProviderStatus;
  readonly openBreakers: readonly PublishedBreaker[];
  readonly refusedFeatures: readonly PublishedRefusal[];
}

/** What this worker offers now, in terms that the API understands without knowing any provider. */
export function publishedCatalogue({
  registry,
  assistants,
  names,
  statusOf,
  openBreakers,
  refusedFeatures,
}: CatalogueParts): PublishedCatalogue {
  const { default: defaultModel, providers } = registry.catalogue();
  const publicNames = Object.keys(names).filter((name) => name !== ANY_NAME);
  const publicModels = publicNames.flatMap((name) => modelBehind(name, registry));
  return {
    defaultModel,
    providers: providers.map(({ models = [], capabilities, ...provider }) => {
      const { listed, health } = statusOf(provider.id);
      const named = publicModels.flatMap((one) => (one.provider === provider.id ? one.model : []));
      const offered = models.length > 0 ? models : (listed ?? []);
      const others = differing(registry.provider(provider.id), [...named, ...offered]);
      return {
        ...provider,
        models: [...models],
        capabilities: [...capabilities],
        ...(others && { modelCapabilities: others }),
        // Those that are configured are all that is offered.
        ...(listed && models.length === 0 && { listed: capped(provider.defaultModel, listed) }),
        ...(health && { health }),
      };
    }),
    modelNames: publicNames,
    publicModels,
    anyModel: Object.hasOwn(names, ANY_NAME),
    openBreakers: [...openBreakers],
    refusedFeatures: [...refusedFeatures],
    assistants: assistants.all().map(publishedAssistant),
    defaultAssistant: assistants.defaultId,
  };
}

/** What models can do, by their ids, where it is not what their provider's default model can. */
function differing(provider: Provider, models: readonly string[]): Record<string, string[]> | undefined {
  const usual = [...provider.capabilities];
  const others = models.slice(0, MAX_LISTED_MODELS).flatMap((model): [string, string[]][] => {
    const own = capabilitiesOf(provider, model);
    return own.length === usual.length && usual.every((one) => own.includes(one)) ? [] : [[model, own]];
  });
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

/** A name that the provider refuses can do nothing. */
function capabilitiesOf(provider: Provider, model: string): Capability[] {
  try {
    return [...provider.model(model).capabilities];
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
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
