import type { CallSettings, SettingName } from './call-settings.js';
import type { ProviderPolicies } from './policy-config.js';
import type { ConversationOverride } from './conversation-rules.js';
import type { Capability } from './capability.js';
import type { LanguageModel, ModelCall } from './language-model.js';
import type { ProviderError } from './provider-error.js';
import type { Usage } from './usage.js';

/** What an operator must know about the key: whether one is needed, what to call it, where to get one. */
export interface KeyConfig {
  readonly required: boolean;
  readonly label: string;
  /** URL or sentence. */
  readonly where: string;
}

/** A model that a provider offers, by the id that goes upstream, and what the provider says of it. */
export interface ModelInfo {
  readonly id: string;
  /** For people; absent where it has none but the id. */
  readonly name?: string;
  /** Tokens of prompt and answer together. */
  readonly contextWindow?: number;
  /** Tokens that an answer may have at most. */
  readonly maxOutput?: number;
  /** The settings that it takes, of those that requests to its provider have a field for. */
  readonly settings?: readonly SettingName[];
  /** What holds where a call says nothing. */
  readonly defaults?: CallSettings;
}

/** Result of a health check: reachable with this key within `latencyMs`, or why not. */
export type Health =
  | { readonly ok: true; readonly latencyMs: number }
  | { readonly ok: false; readonly latencyMs: number; readonly error: ProviderError };

/** A recording; `mediaType` is an `audio/*` type without parameters. */
export interface Speech {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** What was heard, and what it took. */
export interface Transcript {
  readonly text: string;
  /** As the provider reports it. Absent: it is estimated. */
  readonly usage?: Usage;
  /** Length of the recording, where the provider tells it. */
  readonly seconds?: number;
}

/** A provider by one of its keys; `key` is a fingerprint, which distinguishes keys without revealing them. */
export interface KeyedProvider {
  readonly key: string;
  readonly provider: Provider;
}

/** A call that can be sent at once. `release`: it is over, and what it holds in memory is not used any more. */
export interface PreparedCall {
  readonly call: ModelCall;
  release(): void;
}

/** A vendor account with settings and a key. */
export interface Provider {
  /** Prefix of its model names; see {@link PROVIDER_ID}. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Policies for calls of its models; absent: the defaults. */
  readonly policies?: ProviderPolicies;
  /** Runs on your own machine and loads a model before it can answer, so it gets more time. */
  readonly isLocal?: boolean;
  /** Software that people run themselves, whose model's name says nothing of the model. */
  readonly isOwnServer?: boolean;
  /** The provider by each of its keys, when it has several; by itself it uses the first one. */
  readonly byKey?: readonly KeyedProvider[];
  readonly capabilities: ReadonlySet<Capability>;
  /** Model id that answers when none is asked for. */
  readonly defaultModel: string;
  /** Model ids to offer without asking the provider, if configured. */
  readonly models?: readonly string[];
  readonly keyConfig: KeyConfig;
  /**
   * Any id is accepted: only the provider knows its models, and throws `model_unknown` when called. `conversation`: what a
   * public name of the model says of its conversations.
   */
  model(id: string, conversation?: ConversationOverride): LanguageModel;
  /**
   * The call with its files as this model takes them: read, converted, and within what may be held in memory, all of which may take
   * its time. Absent where the model does that when it is asked. @throws `signal.reason` once aborted
   */
  prepareFiles?(model: string, call: ModelCall, signal: AbortSignal): Promise<PreparedCall>;
  /** The models this key may use. @throws ProviderError, or `signal.reason` once aborted */
  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Makes a cheap request. A failing provider is a result, not an exception. @throws `signal.reason` once aborted */
  healthCheck(signal: AbortSignal): Promise<Health>;
  /**
   * Speech to text by one of its models; a text alone has no usage to report. Absent where it has none.
   * @throws ProviderError, or `signal.reason` once aborted
   */
  transcribe?(model: string, speech: Speech, signal: AbortSignal): Promise<string | Transcript>;
  /** Input tokens of a call, by the provider's own count. Absent when it cannot count. @throws ProviderError */
  countTokens?(model: string, call: ModelCall, signal: AbortSignal): Promise<number>;
}

/** Ids are the part before the first slash of a model name, so they contain no slash. */
export const PROVIDER_ID = /^[a-z0-9][a-z0-9._-]*$/;
