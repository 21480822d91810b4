import type * as z from 'zod';
import type { Capability } from '../../spec/capability.js';
import type { ModelCall } from '../../spec/language-model.js';
import type { ModelRef } from '../../spec/model-ref.js';
import type { KeyConfig, ModelInfo } from '../../spec/provider.js';
import type { StreamPart } from '../../spec/stream-part.js';

/** The context that every function of a provider gets. */
export interface ProviderContext<Settings> {
  /** The options of the entry in the config file, checked by the definition's `settings`. */
  readonly settings: Settings;
  /** Aborted when the answer is no longer needed: a stop, a deadline, or a reader who has left. Pass it to your requests. */
  readonly signal: AbortSignal;
  /** Who is asked, as a {@link ProviderError} wants it. */
  readonly ref: Partial<ModelRef> & Pick<ModelRef, 'provider'>;
}

/** A text of an answer that consists of nothing else. */
export type PlainText = string | { readonly delta?: string | undefined; readonly done?: boolean };

/** The same where a model is involved. */
export interface ModelContext<Settings> extends ProviderContext<Settings> {
  /** Model id as it was asked for, without the provider's prefix. */
  readonly model: string;
  readonly ref: ModelRef;
}

/**
 * The definition of a custom provider: `name`, `defaultModel` and `stream` at least. Every function may throw a
 * `ProviderError` that says what has happened; any other error counts as `unavailable`, its message for the operator.
 */
export interface ProviderDefinition<Settings extends z.ZodObject> {
  /** Display name, unless the config entry has one. */
  readonly name: string;
  /** Model id that answers when none is asked for, unless the config entry says otherwise. */
  readonly defaultModel: string;
  /**
   * Answers one call; any number may run at once. The parts end with one `finish`; `PartWriter` writes them well-formed.
   * In place of parts it may yield the texts of the answer: strings, or `{ delta: 'text' }` and at last `{ done: true }`.
   * The stream ends at an abort even when it ignores the signal, but only its own code can end the request.
   */
  stream(call: ModelCall, context: ModelContext<z.output<Settings>>): AsyncIterable<StreamPart | PlainText>;
  /** What its models can do; by default chat, generate and stream. An entry may say otherwise. */
  readonly capabilities?: readonly Capability[];
  /** By default no key is needed. */
  readonly keyConfig?: KeyConfig;
  /** The options of an entry in the config file besides the common ones; by default none. */
  readonly settings?: Settings;
  /** The models that may be asked for; by default the default model alone. */
  listModels?(context: ProviderContext<z.output<Settings>>): Promise<readonly ModelInfo[]>;
  /** Makes a cheap request, and throws when the provider is unhealthy. By default {@link listModels}, if there is one. */
  healthCheck?(context: ProviderContext<z.output<Settings>>): Promise<unknown>;
  /** Input tokens of a call by the provider's own count. */
  countTokens?(call: ModelCall, context: ModelContext<z.output<Settings>>): Promise<number>;
}
