import { estimateInputTokens } from '../accounting/estimate-tokens.js';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall, Window } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { PreparedCall, Provider } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';
import { AskWithout } from './ask-without.js';
import type { LearnedFeatures } from './learned-features.js';
import { Attempt } from './attempt.js';
import type { Breaker, CallKind } from './breaker.js';
import type { CallRules } from './call-rules.js';
import type { KeyRing } from './key-ring.js';
import { enter } from './limiter.js';
import type { LimitWaits } from './limit-waits.js';
import type { Price } from '../spec/policy-config.js';
import type { OnPolicyEvent } from './policy-event.js';
import type { PolicyState } from './policy-state.js';
import { defaultedCall } from './call-defaults.js';
import { withRetries } from './retries.js';

export interface GuardedModelInit {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly contextWindow?: number | undefined;
  readonly countInput?: LanguageModel['countInput'] | undefined;
  readonly price: Price | undefined;
  readonly rules: CallRules;
  readonly breaker: Breaker;
  readonly learned: LearnedFeatures;
  readonly keys: KeyRing;
  /** Waits until the files of a call can be sent. */
  readonly prepared: (call: ModelCall, signal: AbortSignal) => Promise<PreparedCall>;
  /** The model as the provider gives it, by the key of this provider. */
  readonly modelOf: (provider: Provider) => LanguageModel;
  readonly state: PolicyState;
  readonly waits: Pick<LimitWaits, 'begin' | 'hold'> | undefined;
  readonly onEvent: OnPolicyEvent;
}

/**
 * One model at one provider, called by the rules:
 *
 *     a deadline for everything
 *       again, while nothing has been shown          retries.ts
 *         without what the model refuses             ask-without.ts
 *         circuit breaker: not asked while open      breaker.ts
 *         its files, as the model takes them         attachments/with-accepted-files.ts
 *         a place within the limits                  limiter.ts
 *         by one key after the other                 key-ring.ts
 *           deadlines, measure and report            attempt.ts
 *             the provider's own model
 *
 * From the first piece of an answer on nothing is tried again here; see `fallback-chain.ts`.
 */
export class GuardedModel implements LanguageModel {
  readonly ref: ModelRef;
  readonly capabilities: ReadonlySet<Capability>;
  readonly contextWindow?: number;
  readonly countInput?: NonNullable<LanguageModel['countInput']>;

  constructor(private readonly init: GuardedModelInit) {
    this.ref = init.ref;
    this.capabilities = init.capabilities;
    if (init.countInput) this.countInput = init.countInput;
    if (init.contextWindow !== undefined) this.contextWindow = init.contextWindow;
  }

  stream(call: ModelCall, signal: AbortSignal): AsyncIterable<StreamPart> {
    const asked = defaultedCall(call, this.init.rules.defaults);
    return { [Symbol.asyncIterator]: () => new GuardedCall({ ...this.init, window: this }, asked, signal) };
  }
}

type Step = IteratorResult<StreamPart, void>;

const OVER: Step = { done: true, value: undefined };

/** What one call knows of its model. */
interface GuardedCallInit extends GuardedModelInit {
  readonly window: Window;
}

/** Once there is an attempt that answers, its own promises are passed on, so that a token has no extra cost. */
class GuardedCall implements AsyncIterator<StreamPart, void, undefined> {
  readonly #limited = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #attempt: Attempt | undefined;
  #isOver = false;

  constructor(
    private readonly init: GuardedCallInit,
    private readonly call: ModelCall,
    private readonly signal: AbortSignal,
  ) {}

  next(): Promise<Step> {
    return this.#attempt ? this.#attempt.next() : this.#begin();
  }

  async return(): Promise<Step> {
    this.#isOver = true;
    this.#close();
    return this.#attempt ? this.#attempt.return() : OVER;
  }

  async #begin(): Promise<Step> {
    if (this.#isOver) return OVER;
    this.signal.throwIfAborted();
    this.#isOver = true;
    this.signal.addEventListener('abort', this.#onAbort);
    this.#timer = setTimeout(this.#onDeadline, this.init.rules.deadlines.totalMs);
    const { rules, onEvent, learned } = this.init;
    const { signal } = this.#limited;
    try {
      const asking = new AskWithout(learned, await this.#fitted(signal));
      this.#attempt = await withRetries(
        rules.retry,
        signal,
        () => asking.ask((call) => this.#try(call, signal)),
        (error, waitMs) => onEvent({ type: 'retry', error, waitMs, caller: this.call.caller }),
      );
    } catch (error) {
      this.#close();
      throw error;
    }
    void this.#attempt.ended.then(this.#close);
    return this.#attempt.next();
  }

  /** Each model of a chain has a window of its own. @throws ProviderError `context_too_long` */
  async #fitted(signal: AbortSignal): Promise<ModelCall> {
    const { fit, ...call } = this.call;
    return fit ? fit(this.init.window, call, signal) : call;
  }

  /** One attempt that has begun to answer. */
  async #try(call: ModelCall, signal: AbortSignal): Promise<Attempt> {
    const { rules, breaker } = this.init;
    const kind = await breaker.pass(rules.breaker, call.isBackground ?? false);
    try {
      return await this.#passed(call, signal, kind);
    } catch (error) {
      breaker.leave(kind);
      throw error;
    }
  }

  /** Waiting for our own files is no time of the provider's, and takes no place from calls that could be made. */
  async #passed(call: ModelCall, signal: AbortSignal, kind: CallKind): Promise<Attempt> {
    const { call: sent, release } = await this.init.prepared(call, signal);
    try {
      const answering = await this.#placed(call, sent, signal, kind);
      void answering.ended.then(release);
      return answering;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #placed(call: ModelCall, sent: ModelCall, signal: AbortSignal, kind: CallKind): Promise<Attempt> {
    const { ref, rules, breaker, state, waits, keys, modelOf, price } = this.init;
    const { queueMs } = rules.deadlines;
    const booking = { ref, queueMs, waits, tokens: rules.limits.length > 0 ? estimateInputTokens(call) : 0 };
    const place = await enter(state, rules.limits, booking, signal);
    try {
      const answering = await keys.use(async (provider) => {
        const attempt = new Attempt({
          model: modelOf(provider),
          call,
          sent,
          signal,
          price,
          deadlines: rules.deadlines,
        });
        void attempt.ended.then((end) => breaker.note(kind, end, rules.breaker, call.caller));
        await attempt.begin();
        breaker.answers(kind);
        return attempt;
      }, call.caller);
      void answering.ended.then(({ usage }) => place.leave(tokensOf(usage)));
      return answering;
    } catch (error) {
      place.leave(0);
      throw error;
    }
  }

  readonly #close = (): void => {
    clearTimeout(this.#timer);
    this.signal.removeEventListener('abort', this.#onAbort);
  };

  readonly #onAbort = (): void => this.#limited.abort(this.signal.reason);

  readonly #onDeadline = (): void => {
    const { ref, rules } = this.init;
    const detail = `no end of the answer within ${rules.deadlines.totalMs} ms (phase total) from ${ref.provider}/${ref.model}`;
    this.#limited.abort(new ProviderError('timeout', { ref, phase: 'total', detail }));
  };
}

const tokensOf = ({ inputTokens = 0, outputTokens = 0, totalTokens }: Usage): number =>
  totalTokens ?? inputTokens + outputTokens;
