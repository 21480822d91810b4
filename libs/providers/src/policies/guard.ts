import type { ConversationOverride } from '../spec/conversation-rules.js';
import type { LanguageModel } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Provider } from '../spec/provider.js';
import { LearnedFeatures } from './learned-features.js';
import { Breaker } from './breaker.js';
import { callRules, type Named } from './call-rules.js';
import { FallbackChain } from './fallback-chain.js';
import { forgivingState } from './forgiving-state.js';
import { GuardedModel } from './guarded-model.js';
import { KeyRing } from './key-ring.js';
import type { LimitWaits } from './limit-waits.js';
import { MemoryPolicyState } from './memory-policy-state.js';
import { type Deadlines, POLICY_DEFAULTS } from '../spec/policy-config.js';
import type { OnPolicyEvent } from './policy-event.js';
import type { PolicyState } from './policy-state.js';

export interface GuardOptions {
  /** How long each phase of a call may take, where neither the name nor the provider has a setting. */
  readonly deadlines?: Deadlines | undefined;
  /** The state that the workers share; by default that of this process. */
  readonly state?: PolicyState | undefined;
  /** Counts the calls that wait for one of the concurrent ones that a limit allows. */
  readonly waits?: Pick<LimitWaits, 'begin' | 'hold'> | undefined;
  /** Called for every policy event of a call. */
  readonly onPolicyEvent?: OnPolicyEvent | undefined;
  readonly now?: (() => number) | undefined;
}

/** A model at a provider, and the public name that led there. */
export interface GuardedTarget {
  readonly provider: Provider;
  readonly model: string;
  readonly named?: Named | undefined;
}

/** Model names come from requests and may be invented, so the number of models of which something is kept is limited. */
const MAX_MODELS = 1_000;

/** Puts the policies around models. Holds what outlives a call: the last known state of breakers, and the next key of each provider. */
export class Guard {
  readonly #state: PolicyState;
  readonly #onEvent: OnPolicyEvent;
  readonly #now: () => number;
  readonly #breakers = new Map<string, Breaker>();
  readonly #learned = new Map<string, LearnedFeatures>();
  readonly #rings = new Map<string, KeyRing>();

  /** @param modelOf the model as it is called, without any policy */
  constructor(
    private readonly options: GuardOptions,
    private readonly modelOf: (provider: Provider, model: string, said?: ConversationOverride) => LanguageModel,
  ) {
    const { state, onPolicyEvent = () => undefined, now = Date.now } = options;
    this.#onEvent = onPolicyEvent;
    this.#now = now;
    this.#state = state ? forgivingState(state, onPolicyEvent) : new MemoryPolicyState(now);
  }

  /** The model, with its fallbacks. @throws ProviderError `model_unknown` */
  model(first: GuardedTarget, others: readonly GuardedTarget[]): LanguageModel {
    const model = this.#single(first);
    if (others.length === 0) return model;
    return new FallbackChain({
      models: [model, ...others.map((other) => this.#single(other))],
      afterFirstToken: first.named?.settings.afterFirstToken ?? POLICY_DEFAULTS.afterFirstToken,
      onEvent: this.#onEvent,
    });
  }

  #single({ provider, model, named }: GuardedTarget): LanguageModel {
    const conversation = named?.settings.conversation;
    const { ref, capabilities, countInput } = this.modelOf(provider, model, conversation);
    return new GuardedModel({
      ref,
      capabilities,
      countInput,
      contextWindow: named?.settings.contextWindow ?? provider.policies?.contextWindows?.[model],
      price: named?.settings.price ?? provider.policies?.prices?.[model],
      rules: callRules(provider, named, this.options.deadlines),
      breaker: this.#breakerOf(ref),
      learned: this.#learnedOf(ref),
      keys: this.#ringOf(provider),
      prepared: async (call, signal) =>
        (await provider.prepareFiles?.(model, call, signal)) ?? { call, release: () => undefined },
      modelOf: (keyed) => this.modelOf(keyed, model, conversation),
      state: this.#state,
      waits: this.options.waits,
      onEvent: this.#onEvent,
    });
  }

  #breakerOf(ref: ModelRef): Breaker {
    return kept(this.#breakers, ref, () => new Breaker(ref, this.#deps()));
  }

  #learnedOf(ref: ModelRef): LearnedFeatures {
    return kept(this.#learned, ref, () => new LearnedFeatures(ref, this.#deps()));
  }

  #deps() {
    return { state: this.#state, onEvent: this.#onEvent, now: this.#now };
  }

  #ringOf(provider: Provider): KeyRing {
    const known = this.#rings.get(provider.id);
    if (known) return known;
    const ring = new KeyRing(provider, { state: this.#state, onEvent: this.#onEvent });
    this.#rings.set(provider.id, ring);
    return ring;
  }
}

/** What is kept of a model, made when it is first needed. */
function kept<T>(all: Map<string, T>, ref: ModelRef, create: () => T): T {
  const key = `${ref.provider}/${ref.model}`;
  const known = all.get(key);
  if (known) return known;
  if (all.size >= MAX_MODELS) all.clear();
  const created = create();
  all.set(key, created);
  return created;
}
