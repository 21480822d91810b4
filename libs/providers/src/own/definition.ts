import type * as z from 'zod';
import type { Capability } from '../spec/capability.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { KeyConfig, ModelInfo } from '../spec/provider.js';
import type { StreamPart } from '../spec/stream-part.js';

/** The context that every function of a provider gets. */
export interface ProviderContext<Settings> {
  /** The options of the entry in the config file, checked by the definition's `settings`. */
  readonly settings: Settings;
  /** Aborted when nobody waits any more: a stop, a deadline, or a reader who has left. What is under way ends with it. */
  readonly signal: AbortSignal;
  /** Who is asked, as a {@link ProviderError} wants it. */
  readonly ref: Partial<ModelRef> & Pick<ModelRef, 'provider'>;
}

/** The same where a model is involved. */
export interface ModelContext<Settings> extends ProviderContext<Settings> {
  /** Model id as it was asked for, without the provider's prefix. */
  readonly model: string;
  readonly ref: ModelRef;
}

/**
 * What a person writes to add a provider: `name`, `defaultModel` and `stream` at the least. Every function may throw a
 * `ProviderError`, which says what has happened; any other error counts as `unavailable`, its message for the operator.
 */
export interface ProviderDefinition<Settings extends z.ZodObject> {
  /** For people, unless the config entry says otherwise. */
  readonly name: string;
  /** Model id that answers when none is asked for, unless the config entry says otherwise. */
  readonly defaultModel: string;
  /**
   * Answers one call; called anew for each, any number at once. The parts end with one `finish`; `PartWriter` writes them
   * well-formed. The stream is over at an abort whether or not it heeds the signal, but only its own code can end the request.
   */
  stream(call: ModelCall, context: ModelContext<z.output<Settings>>): AsyncIterable<StreamPart>;
  /** What its models can do; by default chat, generate and stream. An entry may say otherwise. */
  readonly capabilities?: readonly Capability[];
  /** By default no key is asked for. */
  readonly keyConfig?: KeyConfig;
  /** The options of an entry in the config file beside the common ones; without it there are none. */
  readonly settings?: Settings;
  /** The models that may be asked for; by default the default model alone. */
  listModels?(context: ProviderContext<z.output<Settings>>): Promise<readonly ModelInfo[]>;
  /** Asks something cheap, and throws when the provider is not well. By default {@link listModels}, if there is one. */
  healthCheck?(context: ProviderContext<z.output<Settings>>): Promise<unknown>;
  /** Input tokens of a call by the provider's own count. */
  countTokens?(call: ModelCall, context: ModelContext<z.output<Settings>>): Promise<number>;
}
