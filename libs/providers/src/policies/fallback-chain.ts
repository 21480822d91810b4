import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { OnPolicyEvent } from './policy-event.js';

/**
 * Whether another model may be asked after this. Not when the request is at fault: a content filter must not be bypassed, and
 * the operator must see what a provider refuses as invalid. What a model does not support, another one may; see `mayFallBack`.
 */
const FALLS_BACK: Readonly<Record<ProviderErrorCode, boolean>> = {
  bad_key: true,
  no_access: true,
  model_unknown: true,
  context_too_long: true,
  content_filtered: false,
  rate_limited: true,
  overloaded: true,
  unavailable: true,
  timeout: true,
  stream_truncated: true,
  malformed_response: true,
  empty_response: true,
  bad_request: false,
  module_failed: true,
  circuit_open: true,
  all_failed: true,
};

const mayFallBack = ({ code, refused }: ProviderError): boolean => FALLS_BACK[code] || refused.length > 0;

export interface ChainInit {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  readonly afterFirstToken: 'replace' | 'fail';
  readonly onEvent: OnPolicyEvent;
}

/** A model and its fallbacks, asked in order. Its capabilities are those of the first one. */
export class FallbackChain implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly contextWindow?: number;
  readonly countInput?: NonNullable<LanguageModel['countInput']>;

  constructor(private readonly init: ChainInit) {
    const { ref, capabilities, contextWindow, countInput } = init.models[0];
    if (countInput) this.countInput = countInput;
    this.ref = ref;
    this.capabilities = capabilities;
    if (contextWindow !== undefined) this.contextWindow = contextWindow;
  }

  stream(call: ModelCall, signal: AbortSignal): AsyncIterable<StreamPart> {
    return { [Symbol.asyncIterator]: () => new ChainCall(this.init, call, signal) };
  }
}

type Step = IteratorResult<StreamPart, void>;

class ChainCall implements AsyncIterator<StreamPart, void, undefined> {
  #place = 0;
  #model: LanguageModel;
  #source: AsyncIterator<StreamPart, void>;
  /** Some of this model's answer has been passed on. */
  #hasSpoken = false;
  readonly #errors: ProviderError[] = [];

  constructor(
    private readonly init: ChainInit,
    private readonly call: ModelCall,
    private readonly signal: AbortSignal,
  ) {
    [this.#model] = init.models;
    this.#source = this.#ask();
  }

  next(): Promise<Step> {
    return this.#hasSpoken ? this.#source.next().then(undefined, this.#onError) : this.#first();
  }

  async return(): Promise<Step> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  async #first(): Promise<Step> {
    try {
      const step = await this.#source.next();
      this.#hasSpoken = true;
      return step;
    } catch (error) {
      return this.#onError(error);
    }
  }

  /** Continues with the next model. @throws the error when there is none, or none may be asked */
  readonly #onError = (error: unknown): Step | Promise<Step> => {
    if (this.signal.aborted || !(error instanceof ProviderError) || !mayFallBack(error)) throw error;
    this.#errors.push(error);
    const wasHeard = this.#hasSpoken;
    if (wasHeard && this.init.afterFirstToken === 'fail') throw error;
    const failed = this.#model.ref;
    const next = this.init.models[++this.#place];
    if (!next) throw this.#allFailed();
    this.init.onEvent({ type: 'fallback', error, next: next.ref, caller: this.call.caller });
    this.#model = next;
    this.#source = this.#ask();
    this.#hasSpoken = false;
    return wasHeard ? { done: false, value: { type: 'discard', failed, next: next.ref } } : this.#first();
  };

  #ask(): AsyncIterator<StreamPart, void> {
    return this.#model.stream(this.call, this.signal)[Symbol.asyncIterator]();
  }

  #allFailed(): ProviderError {
    const words = this.#errors.map(
      ({ code, ref: { provider, model }, detail }) => `${provider}/${model}: ${code} (${detail})`,
    );
    // The caller alone can fix this: by a shorter conversation.
    const isTooLong = this.#errors.every(({ code }) => code === 'context_too_long');
    const waits = this.#errors.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    return new ProviderError(isTooLong ? 'context_too_long' : 'all_failed', {
      ref: this.init.models[0].ref,
      detail: words.join('; '),
      retryable: this.#errors.some(({ retryable }) => retryable),
      ...(waits.length > 0 && { retryAfterMs: Math.min(...waits) }),
      cause: new AggregateError(this.#errors, 'every model of the chain has failed'),
    });
  }
}
