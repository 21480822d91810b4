import type { Feature } from './feature.js';
import type { CallSettings, SettingFacts } from './call-settings.js';
import type { Capability } from './capability.js';
import type { InputCount } from './input-count.js';
import type { ModelRef } from './model-ref.js';
import type { ModelAttempt, ModelCaller } from './model-attempt.js';
import type { Message, ModelDocument, ToolChoice, ToolDefinition } from './prompt.js';
import type { FinishReason, StreamPart, Warning } from './stream-part.js';

/**
 * Extra request fields by provider id, in the provider's own format: `{ openai: { service_tier: 'flex' } }`. A provider reads
 * only its own entry, which cannot change the model, the prompt or the transport mode.
 */
export type ProviderOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One request to a model. */
export interface ModelCall {
  readonly prompt: readonly Message[];
  /**
   * For models with the `documents` capability, which cite them by `source` parts. The registry's models put them into the
   * instructions of all others, which cite them by number: `[1]`.
   */
  readonly documents?: readonly ModelDocument[];
  readonly settings?: CallSettings;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly providerOptions?: ProviderOptions;
  /** Fields of the request that everything else takes precedence over. Set behind the registry, from the configuration. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Allows an empty answer, because the reader already has some of it. Otherwise it is an `empty_response` error. */
  readonly mayBeEmpty?: boolean;
  /** What the caller would rather have an error than do without. Otherwise a model that refuses something is asked without it. */
  readonly mustHave?: ReadonlySet<Feature>;
  /** What this model refuses, and is asked without. Set behind the registry. */
  readonly without?: ReadonlySet<Feature>;
  /** Its files are as the model takes them: what of them it does not get. Set behind the registry. */
  readonly fitted?: readonly Warning[];
  /** Which fields of its thoughts the model gets back, so that the adapter keeps them. Set behind the registry. */
  readonly wantedThoughts?: 'all' | readonly string[];
  /**
   * Makes the call fit into the context window of the model that is about to be asked: each of a fallback chain. Called by the
   * registry's models before they ask; adapters ignore it. @throws ProviderError `context_too_long`
   */
  readonly fit?: FitCall;
  /** Beside what a person has asked for, such as a title: when it fails, the model does not count as down. */
  readonly isBackground?: boolean;
  /** For whom; see {@link ModelCaller}. */
  readonly caller?: ModelCaller;
  /** Called for every request to a provider that this call leads to. The registry's models call it; adapters ignore it. */
  readonly report?: (attempt: ModelAttempt) => void;
  /** Called when a request to a provider begins. The registry's models call it; adapters ignore it. */
  readonly observe?: ((ref: ModelRef) => AttemptObserver) | undefined;
  /** Called for every piece of the answer as the provider sent it, for who must see what came. Absent: nothing is done for it. */
  readonly onFrame?: ((frame: ProviderFrame) => void) | undefined;
}

/** Who watches one request to a provider from its beginning to its end. */
export interface AttemptObserver {
  /** Does what sends the request, and waits for its first part. */
  within<T>(work: () => T): T;
  end(attempt: ModelAttempt, finish: FinishReason | undefined): void;
}

/** A frame of a provider's answer: one server-sent event, line, message or body. */
export interface ProviderFrame {
  readonly ref: ModelRef;
  /** From 1, in each request to a provider. */
  readonly number: number;
  /** Of a server-sent event that names its type. */
  readonly event?: string | undefined;
  /** As it came, without the provider's secrets. */
  readonly data: string;
}

/** What a call must know of a model to fit it. */
export type Window = Pick<LanguageModel, 'ref' | 'contextWindow' | 'countInput'>;

export type FitCall = (model: Window, call: ModelCall, signal: AbortSignal) => Promise<ModelCall>;

/** Something callable. Holds no state of a conversation; any number of calls may run at once. */
export interface LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  /** Tells accounts of a provider apart without revealing a key. Absent where there is one account only. */
  readonly account?: string;
  /** How many tokens prompt and answer may have together; absent when unknown. */
  readonly contextWindow?: number;
  /**
   * Asks the model. Nothing is sent before the first `next()`. The parts end with exactly one `finish`, every started block
   * ended before it; leaving the loop early cancels the request at once. The result is iterated once.
   *
   * @throws ProviderError for every failure of the provider or the network
   * @throws `signal.reason` unchanged, when the signal was aborted
   */
  stream(call: ModelCall, signal: AbortSignal): AsyncIterable<StreamPart>;
  /**
   * What of these settings the model would not get, or not as they are; empty where it would get them all. Asks nobody. Absent where
   * that cannot be told in advance. @throws ProviderError for a call that could not be sent at all
   */
  checkSettings?(settings: CallSettings): readonly Warning[];
  /** What is known of its settings besides. */
  settingFacts?(): SettingFacts;
  /** The size of a call. The registry's models have it; adapters count in `Provider.countTokens`. Never rejects. */
  countInput?(call: ModelCall, signal: AbortSignal): Promise<InputCount>;
}
