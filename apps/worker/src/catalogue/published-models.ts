import {
  type CallSettings,
  type Capability,
  type LanguageModel,
  type ModelInfo,
  type Provider,
  ProviderError,
  takenSettings,
} from '#providers';
import type { PublishedModel, PublishedSettings } from '#runtime';
import { othersFirst } from '../output/pace.js';

/** What is published of a provider's models, by their ids. */
export interface PublishedModels {
  /** Of those that can do something else than the provider's default model. */
  readonly modelCapabilities?: Record<string, string[]>;
  readonly modelDetails?: Record<string, PublishedModel>;
  readonly settings?: PublishedSettings[];
}

/** A model, and what its provider says of it. */
export interface DescribedModel {
  readonly provider: Provider;
  readonly info: ModelInfo;
  /** What its public name says of its calls. */
  readonly own?: CallSettings | undefined;
}

/**
 * Finds out what models can do and which settings they take. Settings are found once for what a list says, because all else that
 * decides is in the code and the configuration, which do not change while a worker runs.
 */
export class ModelFacts {
  private known: ReadonlyMap<string, PublishedSettings> = new Map();

  /**
   * Finds the settings of all models that are about to be published, so that publishing takes no time. They are tried out, which
   * takes a second for long lists: other work of this process gets its turn between two models. All other models are forgotten.
   */
  async learn(models: Iterable<DescribedModel>): Promise<void> {
    const learned = new Map<string, PublishedSettings>();
    for (const described of models) {
      const key = keyOf(described);
      const known = learned.get(key) ?? this.known.get(key);
      learned.set(key, known ?? settingsOf(described));
      if (!known) await othersFirst();
    }
    this.known = learned;
  }

  /** `models`: those whose facts are wanted. */
  of(provider: Provider, models: readonly ModelInfo[]): PublishedModels {
    const usual = [...provider.capabilities];
    const sets = new SettingSets();
    const capabilities: [string, string[]][] = [];
    const details: [string, PublishedModel][] = [];
    for (const info of models) {
      const { id } = info;
      const model = modelAt(provider, id);
      const own = model ? [...model.capabilities] : [];
      if (!isSame<Capability>(own, usual)) capabilities.push([id, own]);
      const settings = model && sets.indexOf(this.settings({ provider, info }));
      const detail = detailOf(info, provider.policies?.contextWindows?.[id], settings);
      if (Object.keys(detail).length > 0) details.push([id, detail]);
    }
    return {
      ...(capabilities.length > 0 && { modelCapabilities: Object.fromEntries(capabilities) }),
      ...(details.length > 0 && { modelDetails: Object.fromEntries(details) }),
      ...(sets.all.length > 0 && { settings: sets.all }),
    };
  }

  /** Empty for a model that the provider refuses. */
  settings(described: DescribedModel): PublishedSettings {
    return this.known.get(keyOf(described)) ?? settingsOf(described);
  }
}

const keyOf = ({ provider, info, own }: DescribedModel): string => JSON.stringify([provider.id, info, own]);

/** Plain JSON, as it is stored. */
function settingsOf({ provider, info, own }: DescribedModel): PublishedSettings {
  const model = modelAt(provider, info.id);
  const settings = model ? takenSettings(model, info, { ...provider.policies?.settings, ...own }) : {};
  return JSON.parse(JSON.stringify(settings)) as PublishedSettings;
}

/** Most models of a provider take the same settings: each different set is published once. */
class SettingSets {
  readonly all: PublishedSettings[] = [];
  private readonly places = new Map<string, number>();

  indexOf(settings: PublishedSettings): number {
    // The largest answer is published with the model, and differs from one to the next.
    const set = withoutLimit(settings);
    const key = JSON.stringify(set);
    const place = this.places.get(key) ?? this.all.push(set) - 1;
    this.places.set(key, place);
    return place;
  }
}

function withoutLimit({ maxTokens, ...settings }: PublishedSettings): PublishedSettings {
  if (!maxTokens) return settings;
  const { maximum: _, ...rest } = maxTokens;
  return { maxTokens: rest, ...settings };
}

function detailOf(
  { name, contextWindow, maxOutput }: ModelInfo,
  configured: number | undefined,
  settings: number | undefined,
): PublishedModel {
  const window = configured ?? contextWindow;
  return {
    ...(name !== undefined && { name }),
    ...(window !== undefined && { contextWindow: window }),
    ...(maxOutput !== undefined && { maxOutput }),
    ...(settings !== undefined && { settings }),
  };
}

/** Undefined for a name that the provider refuses: it can do nothing. */
function modelAt(provider: Provider, id: string): LanguageModel | undefined {
  try {
    return provider.model(id);
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

const isSame = <T>(some: readonly T[], others: readonly T[]): boolean =>
  some.length === others.length && others.every((one) => some.includes(one));
