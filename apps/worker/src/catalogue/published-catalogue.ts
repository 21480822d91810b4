import { type ModelNameMap, ProviderError, type Registry } from '#providers';
import type { PublishedBreaker, PublishedCatalogue } from '#runtime';
import { publishedAssistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { ProviderStatus } from '../providers/provider-watch.js';

/** The public name that takes every other one. */
const ANY_NAME = '*';

/** Longer lists of a provider are cut: they are too long to choose from, and every API reads them every few seconds. */
export const MAX_LISTED_MODELS = 100;

export interface CatalogueParts {
  readonly registry: Pick<Registry, 'catalogue' | 'resolve'>;
  readonly assistants: Pick<Assistants, 'all' | 'defaultId'>;
  readonly names: ModelNameMap;
  readonly statusOf: (providerId: string) => ProviderStatus;
  readonly openBreakers: readonly PublishedBreaker[];
}

/** What this worker offers now, in terms that the API understands without knowing any provider. */
export function publishedCatalogue({
  registry,
  assistants,
  names,
  statusOf,
  openBreakers,
}: CatalogueParts): PublishedCatalogue {
  const { default: defaultModel, providers } = registry.catalogue();
  const publicNames = Object.keys(names).filter((name) => name !== ANY_NAME);
  return {
    defaultModel,
    providers: providers.map(({ models = [], capabilities, ...provider }) => {
      const { listed, health } = statusOf(provider.id);
      return {
        ...provider,
        models: [...models],
        capabilities: [...capabilities],
        // Those that are configured are all that is offered.
        ...(listed && models.length === 0 && { listed: capped(provider.defaultModel, listed) }),
        ...(health && { health }),
      };
    }),
    modelNames: publicNames,
    publicModels: publicNames.flatMap((name) => modelBehind(name, registry)),
    anyModel: Object.hasOwn(names, ANY_NAME),
    openBreakers: [...openBreakers],
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
