import { costMicros } from '../accounting/cost-micros.js';
import { estimateInputTokens, tokensOfLength } from '../accounting/estimate-tokens.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { ProviderError } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';
import type { Price } from './policy-config.js';

/** Measures one call of a provider: how long, how much, and what it costs. */
export class AttemptMeter {
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  #firstPartMs: number | undefined;
  #usage: Usage | undefined;
  /** UTF-16 units of the answer's text, and of all that the model wrote beside it. */
  #characters = 0;
  #beside = 0;

  constructor(
    private readonly ref: ModelRef,
    private readonly call: ModelCall,
    private readonly price: Price | undefined,
  ) {}

  see(part: StreamPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#characters += part.text.length;
        return;
      case 'reasoning-delta':
        this.#beside += part.text.length;
        return;
      case 'tool-call-delta':
        this.#beside += part.arguments.length;
        return;
      case 'usage':
      case 'finish':
        this.#usage = part.usage ?? this.#usage;
    }
  }

  /** The first piece of an answer is here. */
  begin(): void {
    this.#firstPartMs = performance.now() - this.#start;
  }

  end(outcome: ModelAttempt['outcome'], error: ProviderError | undefined): ModelAttempt {
    const { usage, usageIs } = this.#measured(outcome, error);
    const { settings, prompt } = this.call;
    return {
      ref: this.ref,
      outcome,
      ...(error && { error }),
      usage,
      usageIs,
      ...(this.price && { costMicros: costMicros(usage, this.price) }),
      messages: prompt.length,
      ...(settings && { settings }),
      startedAt: this.#startedAt,
      ...(this.#firstPartMs !== undefined && { firstPartMs: Math.round(this.#firstPartMs) }),
      durationMs: Math.round(performance.now() - this.#start),
      characters: this.#characters,
    };
  }

  /**
   * What the provider said, where it said all. Of an answer that was cut off it has often counted only the beginning: there
   * the larger number counts.
   */
  #measured(
    outcome: ModelAttempt['outcome'],
    error: ProviderError | undefined,
  ): Pick<ModelAttempt, 'usage' | 'usageIs'> {
    const said = this.#usage ?? {};
    if (said.inputTokens !== undefined && said.outputTokens !== undefined && outcome === 'completed') {
      return { usage: said, usageIs: 'reported' };
    }
    // Whoever refuses a request has done nothing for it.
    const wasRefused = this.#firstPartMs === undefined && error !== undefined && error.code !== 'timeout';
    if (wasRefused) return { usage: said, usageIs: 'reported' };
    const inputTokens = said.inputTokens ?? estimateInputTokens(this.call);
    const written = tokensOfLength(this.#characters + this.#beside);
    const outputTokens = Math.max(said.outputTokens ?? 0, written);
    const totalTokens = inputTokens + outputTokens;
    return { usage: { ...said, inputTokens, outputTokens, totalTokens }, usageIs: 'estimated' };
  }
}
