import { AttemptMeter } from '../accounting/attempt-meter.js';
import type { AttemptObserver, LanguageModel, ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import { type DeadlinePhase, ProviderError } from '../spec/provider-error.js';
import type { FinishReason, StreamPart } from '../spec/stream-part.js';
import { withoutContent } from '../spec/without-content.js';
import type { DeadlineRule } from './call-rules.js';
import type { Price } from '../spec/policy-config.js';

export interface AttemptInit {
  readonly model: LanguageModel;
  readonly call: ModelCall;
  /** The same, as the model takes its files. */
  readonly sent: ModelCall;
  readonly deadlines: Pick<DeadlineRule, 'firstTokenMs' | 'idleMs'>;
  readonly price: Price | undefined;
  /** The caller's, and the deadline for everything. */
  readonly signal: AbortSignal;
}

/** How an attempt has ended. */
export type AttemptEnd = Pick<ModelAttempt, 'outcome' | 'error' | 'usage'>;

type Step = IteratorResult<StreamPart, void>;

const OVER: Step = { done: true, value: undefined };

/** Parts that may precede the visible answer; they are held back until it begins. */
const BEFORE_ANSWER: ReadonlySet<StreamPart['type']> = new Set(['warning', 'usage', 'text-start', 'text-end']);

/** Parts that count as an answer. Reasoning alone does not: the caller would get no text; nor does a picture that is announced only. */
function isContent(part: StreamPart): boolean {
  if (part.type === 'text-delta') return part.text !== '';
  return part.type === 'tool-call-start' || part.type === 'image-end';
}

/**
 * One request to one provider: its deadlines for the first part and between two, its measurement and its report. Iterated as a
 * stream once {@link begin} has seen the first part. Each token passes here: one derived promise and one timer that is refreshed.
 */
export class Attempt implements AsyncIterator<StreamPart, void, undefined> {
  /** Resolved when it has ended, in any way. */
  readonly ended: Promise<AttemptEnd>;
  readonly #inner = new AbortController();
  readonly #source: AsyncIterator<StreamPart, void>;
  readonly #meter: AttemptMeter;
  readonly #observer: AttemptObserver | undefined;
  #finish: FinishReason | undefined;
  readonly #beginning: StreamPart[] = [];
  #handedOn = 0;
  #hasContent: boolean;
  #phase: DeadlinePhase = 'first_token';
  #timer: NodeJS.Timeout;
  /** Only the provider's time counts, not that of a slow reader. */
  #isWaiting = true;
  #end: ((end: AttemptEnd) => void) | undefined;
  /** The caller's. What the model would still send is dropped. */
  #stopped: { readonly reason: unknown } | undefined;

  constructor(private readonly init: AttemptInit) {
    const { model, call, sent, signal, deadlines, price } = init;
    this.#hasContent = call.mayBeEmpty ?? false;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#meter = new AttemptMeter(model.ref, call, price);
    this.#observer = call.observe?.(model.ref);
    this.#source = model.stream(sent, this.#inner.signal)[Symbol.asyncIterator]();
    if (signal.aborted) this.#inner.abort(signal.reason);
    else signal.addEventListener('abort', this.#onAbort);
    this.#timer = setTimeout(this.#onDeadline, deadlines.firstTokenMs);
  }

  /** Waits for the first piece of the answer. @throws ProviderError, or `signal.reason` once aborted */
  async begin(): Promise<void> {
    try {
      for (let isAnswer = false; !isAnswer;) {
        const { done, value } = await (this.#observer ? this.#observer.within(this.#first) : this.#first());
        if (done) throw this.#truncated();
        this.#beginning.push(value);
        isAnswer = !BEFORE_ANSWER.has(value.type);
        this.#see(value);
      }
    } catch (error) {
      throw this.#fail(error);
    }
    this.#isWaiting = false;
    this.#phase = 'idle';
    clearTimeout(this.#timer);
    if (this.#end) this.#timer = setTimeout(this.#onDeadline, this.init.deadlines.idleMs);
  }

  readonly #first = (): Promise<Step> => this.#source.next();

  next(): Promise<Step> {
    if (this.#handedOn < this.#beginning.length && !this.#stopped) {
      return Promise.resolve({ done: false, value: this.#beginning[this.#handedOn++] as StreamPart });
    }
    this.#isWaiting = true;
    if (this.#end) this.#timer.refresh();
    return this.#source.next().then(this.#onStep, this.#onError);
  }

  async return(): Promise<Step> {
    this.#settle('aborted');
    await this.#source.return?.();
    return OVER;
  }

  readonly #onStep = (step: Step): Step => {
    this.#isWaiting = false;
    if (this.#stopped) throw this.#fail(this.#stopped.reason);
    if (!step.done) this.#see(step.value);
    else if (this.#end) throw this.#fail(this.#truncated());
    return step;
  };

  readonly #onError = (error: unknown): never => {
    throw this.#fail(error);
  };

  readonly #onAbort = (): void => {
    const { reason } = this.init.signal;
    this.#stopped = { reason };
    this.#inner.abort(reason);
    // The caller may not ask for another part.
    if (!this.#isWaiting) this.#fail(reason);
  };

  readonly #onDeadline = (): void => {
    if (this.#isWaiting) this.#inner.abort(this.#late());
  };

  /** @throws ProviderError for the finish of an empty answer, and of one that a module says to have failed */
  #see(part: StreamPart): void {
    this.#meter.part(part);
    this.#hasContent ||= isContent(part);
    if (part.type !== 'finish' || !this.#end) return;
    this.#finish = part.reason;
    const isFailed = part.reason.unified === 'error';
    if (!isFailed && (this.#hasContent || part.reason.unified === 'pause')) return this.#settle('completed');
    const error = this.#fail(isFailed ? this.#brokenOff(part.reason) : this.#empty(part.reason));
    // The model is not asked for its end any more.
    void this.#source.return?.().then(undefined, () => undefined);
    throw error;
  }

  /** @returns the error, in words that may be logged */
  #fail(error: unknown): unknown {
    if (error instanceof ProviderError) {
      const detail = withoutContent(error.detail, this.init.call.prompt);
      const safe = detail === error.detail ? error : error.withDetail(detail);
      this.#settle('failed', safe);
      return safe;
    }
    this.#settle(this.init.signal.aborted ? 'aborted' : 'failed');
    return error;
  }

  /** Only once: an answer that has finished stays complete. */
  #settle(outcome: ModelAttempt['outcome'], error?: ProviderError): void {
    const end = this.#end;
    if (!end) return;
    this.#end = undefined;
    clearTimeout(this.#timer);
    this.init.signal.removeEventListener('abort', this.#onAbort);
    const attempt = this.#meter.end(outcome, error);
    end(attempt);
    this.init.call.report?.(attempt);
    this.#observer?.end(attempt, this.#finish);
  }

  #late(): ProviderError {
    const { ref } = this.init.model;
    const { firstTokenMs, idleMs } = this.init.deadlines;
    const phase = this.#phase;
    const what =
      phase === 'idle'
        ? `nothing more within ${idleMs} ms in the middle of an answer`
        : `no first piece of an answer within ${firstTokenMs} ms`;
    return new ProviderError('timeout', {
      ref,
      phase,
      detail: `${what} (phase ${phase}) from ${ref.provider}/${ref.model}`,
    });
  }

  /** An answer that used up its token limit without text would do so again. */
  #empty({ unified, raw }: FinishReason): ProviderError {
    return new ProviderError(unified === 'content_filter' ? 'content_filtered' : 'empty_response', {
      ref: this.init.model.ref,
      detail: `the model finished (${raw ?? unified}) without any text`,
      ...(unified === 'length' && { retryable: false }),
    });
  }

  #brokenOff({ raw }: FinishReason): ProviderError {
    const detail = `the model ended with ${raw ?? 'an error'}`;
    return new ProviderError('unavailable', { ref: this.init.model.ref, detail });
  }

  #truncated(): ProviderError {
    return new ProviderError('stream_truncated', {
      ref: this.init.model.ref,
      detail: 'the stream ended without finish',
    });
  }
}
