import { lookUpModel, type ModelNameMap } from './model-names.js';
import { Guard, type GuardedTarget, type GuardOptions } from './policies/guard.js';
import { limitsOfName, limitsOfProvider } from './policies/call-rules.js';
import { type NamedLimit, namedLimits } from './policies/limiter.js';
import { createProviderDirectory, type ProviderHealth, type ProviderModels } from './provider-directory.js';
import { withDocuments } from './attachments/with-documents.js';
import { withTokenCount } from './accounting/count-input.js';
import { SpeechMeter } from './accounting/speech-meter.js';
import { withTextTools } from './tools-from-text/with-text-tools.js';
import { type Kind, nameOf } from './adapters/kind.js';
import { KINDS } from './adapters/kinds.js';
import { ThinkMemory } from './reasoning/think-memory.js';
import { withThinkTags } from './reasoning/with-think-tags.js';
import { withoutRefused } from './unsupported/without-refused.js';
import type { ConversationOverride } from './spec/conversation-rules.js';
import type { Capability } from './spec/capability.js';
import type { LanguageModel, ModelCall } from './spec/language-model.js';
import { ProviderError } from './spec/provider-error.js';
import { type KeyConfig, PROVIDER_ID, type Provider, type Speech } from './spec/provider.js';

/** What the registry offers, as plain JSON for code that does not use adapters. */
export interface ModelCatalogue {
  /** `provider/model` that answers when no model is asked for. */
  readonly default: string;
  readonly providers: readonly CatalogueEntry[];
  /** What is configured under `limits`, of the providers and of public names. */
  readonly limits: readonly NamedLimit[];
}

/** One provider of a {@link ModelCatalogue}; model ids are without the provider's prefix. */
export interface CatalogueEntry {
  readonly id: string;
  readonly name: string;
  readonly defaultModel: string;
  readonly models?: readonly string[];
  readonly capabilities: readonly Capability[];
  readonly keyConfig: KeyConfig;
  /** Fingerprints of its keys, where it has several. */
  readonly keys?: readonly string[];
}

/** Configured providers by id. */
export interface Registry {
  /** @throws ProviderError `model_unknown`, naming the known providers */
  provider(id: string): Provider;
  /**
   * `provider/model` or a public name: everything after the first slash goes upstream as it is. Without a name: the default model.
   * Its calls are made by the policies of the name and of the provider; see docs/providers/policies.md.
   * @throws ProviderError `model_unknown`, naming the known providers
   */
  resolve(name?: string): LanguageModel;
  /**
   * Speech to text by `provider/model`, or a public name of one, with whoever watches as in a {@link ModelCall}.
   * @throws ProviderError `model_unknown`, `bad_request` for a provider without transcription, and what the provider throws
   */
  transcribe(
    name: string,
    speech: Speech,
    signal: AbortSignal,
    watched?: Pick<ModelCall, 'observe' | 'report'>,
  ): Promise<string>;
  catalogue(): ModelCatalogue;
  /**
   * The models of every provider: the configured ones where there are any, else what it lists, cached for 5 minutes. A provider
   * that does not answer within 5 seconds is a result, not an exception. @throws `signal.reason` once aborted
   */
  listModels(signal: AbortSignal): Promise<readonly ProviderModels[]>;
  /** The health of every provider, without a cache; see {@link listModels} for time. @throws `signal.reason` once aborted */
  health(signal: AbortSignal): Promise<readonly ProviderHealth[]>;
}

export interface RegistryOptions extends GuardOptions {
  /** `provider/model`, or a public name, to answer when none is asked for. Without it, the first provider in rank answers with its own default. */
  readonly defaultModel?: string;
  /** Public names of models; see `lookUpModel`. */
  readonly names?: ModelNameMap;
  /** Replaced by tests: how many milliseconds a provider has for its model list and its health check. */
  readonly askLimitMs?: number;
}

/**
 * Who answers when several providers are configured: those that the environment can enable, in the order of the kinds. All others
 * come after, in their given order, demo last.
 */
const RANK: readonly string[] = KINDS.filter((kind: Kind) => kind.variables).map(nameOf);

/**
 * @throws Error for a wrong set of providers (none, an id twice, an id that cannot prefix a name): a mistake in our own start-up code
 * @throws ProviderError `model_unknown` when the default, or a fallback, names no known provider
 */
export function createRegistry(providers: readonly Provider[], options: RegistryOptions = {}): Registry {
  const byId = indexById(providers);
  const known = [...byId.keys()].join(', ');
  const { names = {} } = options;

  function provider(id: string, asked = id): Provider {
    const found = byId.get(id);
    if (found) return found;
    const detail = `no provider for "${asked}"; a model is named provider/model, known providers: ${known}`;
    throw new ProviderError('model_unknown', { ref: { provider: id }, detail });
  }

  function targetOf(name: string): GuardedTarget {
    const { model: asked, named } = lookUpModel(name, names, (id) => byId.has(id));
    const slash = asked.indexOf('/');
    const id = slash < 0 ? asked : asked.slice(0, slash);
    const model = slash < 0 ? '' : asked.slice(slash + 1);
    const found = provider(id, asked);
    if (model) return { provider: found, model, named };
    const detail = `"${asked}" names no model; write ${id}/<model>`;
    throw new ProviderError('model_unknown', { ref: { provider: id }, detail });
  }

  /** Those that a public name's long form names, in their order; what they fall back to themselves is left out. */
  const standInsOf = ({ named }: GuardedTarget): GuardedTarget[] => (named?.settings.fallback ?? []).map(targetOf);

  const directory = createProviderDirectory(providers, options);
  const memory = new ThinkMemory(options.now);
  const guard = new Guard(options, (by, model, conversation) => ableModel(by, model, conversation, memory));
  const byDefault = options.defaultModel === undefined ? firstInRank(providers) : targetOf(options.defaultModel);
  // A mistake in the configuration must show at the start, not when the first model is down.
  for (const entry of Object.values(names)) if (typeof entry === 'object') entry.fallback?.forEach(targetOf);

  return {
    provider: (id) => provider(id),
    resolve(name) {
      const target = name === undefined ? byDefault : targetOf(name);
      return guard.model(target, standInsOf(target));
    },
    async transcribe(name, speech, signal, watched = {}) {
      const { provider: asked, model, named } = targetOf(name);
      const ref = { provider: asked.id, model };
      if (!asked.transcribe) {
        const detail = `the provider ${asked.id} cannot transcribe speech`;
        throw new ProviderError('bad_request', { ref, detail });
      }
      const meter = new SpeechMeter(ref, speech, named?.settings.price ?? asked.policies?.prices?.[model]);
      return meter.measure(async () => asked.transcribe?.(model, speech, signal) ?? '', signal, watched);
    },
    catalogue: () => ({
      default: `${byDefault.provider.id}/${byDefault.model}`,
      providers: providers.map(toEntry),
      limits: [...providers.flatMap(limitsOfProvider), ...Object.entries(names).flatMap(limitsOfName)].flatMap(
        namedLimits,
      ),
    }),
    listModels: directory.listModels,
    health: directory.health,
  };
}

function indexById(providers: readonly Provider[]): Map<string, Provider> {
  const byId = new Map<string, Provider>();
  for (const provider of providers) {
    if (!PROVIDER_ID.test(provider.id))
      throw new Error(`provider id "${provider.id}" must match ${PROVIDER_ID.source}`);
    if (byId.has(provider.id)) throw new Error(`provider id "${provider.id}" is configured twice`);
    byId.set(provider.id, provider);
  }
  return byId;
}

function firstInRank(providers: readonly Provider[]): GuardedTarget {
  const [first] = providers.toSorted((a, b) => rank(a.id) - rank(b.id));
  if (!first) throw new Error('no provider is configured');
  return { provider: first, model: first.defaultModel };
}

function rank(id: string): number {
  if (id === 'demo') return RANK.length + 1;
  const place = RANK.indexOf(id);
  return place < 0 ? RANK.length : place;
}

function toEntry({ id, name, defaultModel, models, capabilities, keyConfig, byKey }: Provider): CatalogueEntry {
  return {
    id,
    name,
    defaultModel,
    ...(models && { models }),
    capabilities: [...capabilities],
    keyConfig,
    ...(byKey && { keys: byKey.map(({ key }) => key) }),
  };
}

/** The provider's model with what every model can do here: count its input, separate its thoughts, and take tools and documents. */
function ableModel(
  provider: Provider,
  model: string,
  conversation: ConversationOverride | undefined,
  memory: ThinkMemory,
): LanguageModel {
  const counted = withTokenCount(provider, provider.model(model, conversation));
  const thinking = withThinkTags(counted, mayThinkUnmarked(provider, model) ? memory : undefined);
  return withDocuments(withoutRefused(withTextTools(thinking)));
}

/**
 * Families whose chat templates put the opening think tag into the prompt (Qwen3-Thinking, QwQ, DeepSeek R1, GLM, Nemotron), which a
 * server without a reasoning parser does not repeat.
 */
const UNMARKED = /(^|[^a-z])(qwq|r1|thinking|glm-?[45z]|nemotron|minimax-m\d)/i;

/** Own servers as well: the name says nothing of the model that they were started with. */
const mayThinkUnmarked = ({ isOwnServer = false }: Provider, model: string): boolean =>
  isOwnServer || UNMARKED.test(model);
