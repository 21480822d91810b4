import type { Price } from '../spec/policy-config.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { ProviderError, ProviderErrorCode } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';
import { costMicros } from './cost-micros.js';
import { estimateInputTokens, tokensOfLength } from './estimate-tokens.js';

type Measured = Pick<ModelAttempt, 'usage' | 'usageIs'>;

/** Errors of a provider that has read the prompt, also where it has said nothing. */
export const HAS_COST: ReadonlySet<ProviderErrorCode> = new Set(['timeout', 'empty_response']);

/** Measures one call of a provider: how long, how much, and what it costs. Made when the call is. */
export class AttemptMeter {
  private readonly startedAt = new Date();
  private readonly start = performance.now();
  private firstPartMs: number | undefined;
  private reported: Usage = {};
  /** UTF-16 units of the answer's text, and of what the model wrote beside it. */
  private characters = 0;
  private beside = 0;

  constructor(
    private readonly ref: ModelRef,
    private readonly call: ModelCall,
    private readonly price: Price | undefined,
  ) {}

  part(part: StreamPart): void {
    if (part.type === 'warning') return;
    if (part.type === 'usage' || part.type === 'finish') {
      this.reported = part.usage ?? this.reported;
      return;
    }
    this.firstPartMs ??= performance.now() - this.start;
    if (part.type === 'text-delta') this.characters += part.text.length;
    else if (part.type === 'reasoning-delta') this.beside += part.text.length;
    else if (part.type === 'tool-call-delta') this.beside += part.arguments.length;
  }

  end(outcome: ModelAttempt['outcome'], error?: ProviderError): ModelAttempt {
    const { ref, price, startedAt, firstPartMs, characters } = this;
    const { settings, prompt } = this.call;
    const measured = this.measured(outcome, error);
    return {
      ref,
      outcome,
      ...(error && { error }),
      ...measured,
      ...(price && { costMicros: costMicros(measured.usage, price) }),
      messages: prompt.length,
      ...(settings && { settings }),
      startedAt,
      ...(firstPartMs !== undefined && { firstPartMs: Math.round(firstPartMs) }),
      durationMs: Math.round(performance.now() - this.start),
      characters,
    };
  }

  /** Of an answer that was cut off, a provider has often counted only the beginning: there the larger number counts. */
  private measured(outcome: ModelAttempt['outcome'], error: ProviderError | undefined): Measured {
    const reported = countsIn(this.reported);
    const { inputTokens, outputTokens } = reported;
    const isWhole = outcome === 'completed' || error?.code === 'empty_response';
    if (isWhole && inputTokens !== undefined && outputTokens !== undefined) {
      return { usage: reported, usageIs: 'reported' };
    }
    // Whoever refuses a request has done nothing for it.
    if (error && !HAS_COST.has(error.code) && this.firstPartMs === undefined) {
      return { usage: reported, usageIs: 'reported' };
    }
    const input = inputTokens ?? estimateInputTokens(this.call);
    const output = Math.max(outputTokens ?? 0, tokensOfLength(this.characters + this.beside));
    const usage = { ...reported, inputTokens: input, outputTokens: output, totalTokens: input + output };
    return { usage, usageIs: 'estimated' };
  }
}

/** No model reads or writes as much in one call; the sums of a run have to fit into its row. */
const MAX_TOKENS = 20_000_000;

/** Without what is no count: anything may stand in the answer of a provider, and must not prevent the end of a run. */
export const countsIn = (reported: Usage): Usage =>
  Object.fromEntries(Object.entries(reported).filter((entry): entry is [string, number] => isCount(entry[1])));

const isCount = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TOKENS;
