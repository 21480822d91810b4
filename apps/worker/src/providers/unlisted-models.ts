import { Injectable } from '@nestjs/common';
import type { ProviderModels } from '#providers';
import { didYouMean, Logger } from '#runtime';
import type { ConfiguredModel } from './configured-models.js';
import { ModelRegistry } from './model-registry.js';

/** The names of models in the configuration that their providers should list; to be injected. */
export abstract class ModelsToBeListed {
  abstract readonly models: readonly ConfiguredModel[];
}

/** Tells of configured models that their provider does not list, each once: the first person who asks for one is too late. */
@Injectable()
export class UnlistedModels {
  private readonly told = new Set<string>();

  constructor(
    private readonly configured: ModelsToBeListed,
    private readonly registry: ModelRegistry,
    private readonly logger: Logger,
  ) {}

  /** To be called with each list that arrives. */
  check({ id, models }: Extract<ProviderModels, { readonly models: unknown }>): void {
    const ids = models.map((model) => model.id);
    if (this.isOwnList(id, ids)) return;
    for (const [model, places] of this.modelsOf(id)) {
      const name = `${id}/${model}`;
      if (isListed(model, ids) || this.told.has(name)) continue;
      this.told.add(name);
      const hint = `if the provider does not have it, messages to it fail; \`npm run doctor\` asks${didYouMean(model, ids)}`;
      this.logger.warn(
        { model: name, configured: places, hint },
        'a configured model is not in the list of its provider',
      );
    }
  }

  /** No list of the server's: nothing, what is configured, or only the default in the place of a list that there is not. */
  private isOwnList(id: string, ids: readonly string[]): boolean {
    const { models, defaultModel } = this.registry.provider(id);
    return models !== undefined || ids.every((one) => one === defaultModel);
  }

  /** The models of a provider that are configured, each with all places that name it. */
  private modelsOf(id: string): Map<string, string[]> {
    const models = new Map<string, string[]>();
    for (const { name, where } of this.configured.models) {
      const { provider, model } = this.registry.resolve(name).ref;
      if (provider === id) models.set(model, [...(models.get(model) ?? []), where]);
    }
    return models;
  }
}

/** Providers list a model with its date or as the latest, and take it without (`claude-opus-4-5`), or with a route (`:free`). */
function isListed(model: string, ids: readonly string[]): boolean {
  const name = model.replace(/[-:]latest$/, '');
  const [withoutRoute = model] = model.split(':');
  return ids.some(
    (id) => id === model || id === withoutRoute || (id.startsWith(name) && VERSION.test(id.slice(name.length))),
  );
}

const VERSION = /^([-:]latest|[-@]\d{4}[\d-]*)?$/;
