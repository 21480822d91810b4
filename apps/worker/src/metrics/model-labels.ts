import type { ModelNameMap, ModelRef, Provider } from '#providers';

/** What of the configuration names models. */
interface Configured {
  readonly providers: readonly Pick<Provider, 'id' | 'defaultModel' | 'models' | 'policies'>[];
  readonly names: ModelNameMap;
  readonly defaultModel: string | undefined;
}

const OTHER = 'other';

/**
 * Names models in metrics. Names come from requests, too, and anybody could make a series with each: those that the
 * configuration does not name are `other`.
 */
export class ModelLabels {
  private readonly models = new Set<string>();
  /** Ids. */
  readonly providers: ReadonlySet<string>;

  constructor({ providers, names, defaultModel }: Configured) {
    this.providers = new Set(providers.map(({ id }) => id));
    for (const provider of providers) {
      const { prices = {}, contextWindows = {} } = provider.policies ?? {};
      const own = [provider.defaultModel, ...(provider.models ?? []), ...Object.keys({ ...prices, ...contextWindows })];
      for (const model of own) this.models.add(`${provider.id}/${model}`);
    }
    for (const target of Object.values(names)) {
      const targets = typeof target === 'string' ? [target] : [target.model, ...(target.fallback ?? [])];
      for (const model of targets) this.models.add(model);
    }
    if (defaultModel !== undefined) this.models.add(defaultModel);
  }

  of({ provider, model }: Pick<ModelRef, 'provider'> & Partial<ModelRef>): {
    readonly provider: string;
    readonly model: string;
  } {
    return {
      provider: this.provider(provider),
      model: model !== undefined && this.models.has(`${provider}/${model}`) ? model : OTHER,
    };
  }

  /** Every pair of labels that a request to a configured provider may have. */
  all(): { readonly provider: string; readonly model: string }[] {
    return [...this.providers].flatMap((provider) => {
      const prefix = `${provider}/`;
      const own = [...this.models]
        .filter((model) => model.startsWith(prefix))
        .map((model) => model.slice(prefix.length));
      return [...own, OTHER].map((model) => ({ provider, model }));
    });
  }

  provider(id: string): string {
    return this.providers.has(id) ? id : OTHER;
  }
}
