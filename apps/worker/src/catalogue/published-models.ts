import {
  type CallSettings,
  type Capability,
  type LanguageModel,
  type ModelInfo,
  type ModelSettings,
  type Provider,
  ProviderError,
  takenSettings,
} from '#providers';
import type { PublishedModel, PublishedSettings } from '#runtime';

/** What is published of a provider's models, by their ids. */
export interface PublishedModels {
  /** Of those that can do something else than the provider's default model. */
  readonly modelCapabilities?: Record<string, string[]>;
  readonly modelDetails?: Record<string, PublishedModel>;
  readonly settings?: PublishedSettings[];
}

/** Lists of several large providers. */
const MAX_KEPT = 2_000;

/**
 * Finds out what models can do and which settings they take. Settings are found once for what a list says, because all else that
 * decides is in the code and the configuration, which do not change while a worker runs.
 */
export class ModelFacts {
  private readonly settings = new Map<string, ModelSettings>();

  /** `models`: those whose facts are wanted. `listed`: what the provider says of its own. */
  of(provider: Provider, models: readonly string[], listed: readonly ModelInfo[]): PublishedModels {
    const infos = new Map(listed.map((info) => [info.id, info]));
    const usual = [...provider.capabilities];
    const sets = new SettingSets();
    const capabilities: [string, string[]][] = [];
    const details: [string, PublishedModel][] = [];
    for (const id of new Set(models)) {
      const model = modelAt(provider, id);
      const own = model ? [...model.capabilities] : [];
      if (!isSame<Capability>(own, usual)) capabilities.push([id, own]);
      const info = infos.get(id) ?? { id };
      const settings = model && this.settingsOf(model, info, provider.policies?.settings);
      const detail = detailOf(info, provider.policies?.contextWindows?.[id], settings && sets.indexOf(settings));
      if (Object.keys(detail).length > 0) details.push([id, detail]);
    }
    return {
      ...(capabilities.length > 0 && { modelCapabilities: Object.fromEntries(capabilities) }),
      ...(details.length > 0 && { modelDetails: Object.fromEntries(details) }),
      ...(sets.all.length > 0 && { settings: sets.all }),
    };
  }

  /** The settings of a model under a public name that has some of its own. */
  named(provider: Provider, id: string, listed: readonly ModelInfo[], own: CallSettings): PublishedSettings {
    const model = modelAt(provider, id);
    const info = listed.find((one) => one.id === id) ?? { id };
    return model ? published(takenSettings(model, info, { ...provider.policies?.settings, ...own })) : {};
  }

  private settingsOf(model: LanguageModel, info: ModelInfo, configured: CallSettings | undefined): ModelSettings {
    const key = `${model.ref.provider}/${JSON.stringify(info)}`;
    const known = this.settings.get(key) ?? takenSettings(model, info, configured);
    if (this.settings.size >= MAX_KEPT) this.settings.clear();
    this.settings.set(key, known);
    return known;
  }
}

/** Most models of a provider take the same settings: each different set is published once. */
class SettingSets {
  readonly all: PublishedSettings[] = [];
  private readonly places = new Map<string, number>();

  indexOf(settings: ModelSettings): number {
    // The largest answer is published with the model, and differs from one to the next.
    const set = published(withoutLimit(settings));
    const key = JSON.stringify(set);
    const place = this.places.get(key) ?? this.all.push(set) - 1;
    this.places.set(key, place);
    return place;
  }
}

function withoutLimit({ maxTokens, ...settings }: ModelSettings): ModelSettings {
  if (!maxTokens) return settings;
  const { maximum: _, ...rest } = maxTokens;
  return { maxTokens: rest, ...settings };
}

/** Plain JSON, as it is stored. */
const published = (settings: ModelSettings): PublishedSettings =>
  JSON.parse(JSON.stringify(settings)) as PublishedSettings;

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
