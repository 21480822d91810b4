import type { ModelCall } from '../spec/language-model.js';
import type { ModelAttempt } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { Price } from '../spec/policy-config.js';
import type { Speech, Transcript } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';
import type { Usage } from '../spec/usage.js';
import { countsIn, HAS_COST } from './attempt-meter.js';
import { costMicros } from './cost-micros.js';
import { tokensOfLength } from './estimate-tokens.js';

/** What a browser records in a second at 32 kbit/s, as an estimate where the provider does not say how long a recording is. */
const BYTES_PER_SECOND = 4_000;
/** As OpenAI counts speech that a model hears: a token for 100 ms. */
const TOKENS_PER_SECOND = 10;
const SECONDS_PER_MINUTE = 60;
const MICROS = 1_000_000;
/** More is no recording that fits into a request. */
const MAX_SECONDS = 1_000_000;

type Measured = Pick<ModelAttempt, 'usage' | 'usageIs'> & { readonly seconds: number };

/** Measures one transcription: how long it takes, how much was heard, and what it costs. */
export class SpeechMeter {
  private readonly startedAt = new Date();
  private readonly start = performance.now();

  constructor(
    private readonly ref: ModelRef,
    private readonly speech: Speech,
    private readonly price: Price | undefined,
  ) {}

  /** Returns the text. Who watches is told once how it ended, whatever becomes of it. */
  async measure(
    ask: () => Promise<string | Transcript>,
    signal: AbortSignal,
    { observe, report }: Pick<ModelCall, 'observe' | 'report'>,
  ): Promise<string> {
    const observer = observe?.(this.ref);
    const ended = (attempt: ModelAttempt): void => {
      observer?.end(attempt, undefined);
      report?.(attempt);
    };
    try {
      const answer = await (observer ? observer.within(ask) : ask());
      const transcript = typeof answer === 'string' ? { text: answer } : answer;
      ended(this.end('completed', this.heard(transcript), transcript.text.length));
      return transcript.text;
    } catch (error) {
      const known = error instanceof ProviderError ? error : undefined;
      ended(this.end(signal.aborted ? 'aborted' : 'failed', this.lost(known), 0, known));
      throw error;
    }
  }

  private heard({ text, usage, seconds }: Transcript): Measured {
    const isTimed = seconds !== undefined && seconds >= 0 && seconds <= MAX_SECONDS;
    const length = isTimed ? seconds : this.secondsOfBytes();
    const counted = countsIn(usage ?? {});
    if (counted.inputTokens !== undefined) return { usage: counted, usageIs: 'reported', seconds: length };
    return { usage: estimated(length, text.length), usageIs: 'estimated', seconds: length };
  }

  /** Whoever refuses a recording has not listened to it. */
  private lost(error: ProviderError | undefined): Measured {
    if (error && !HAS_COST.has(error.code)) return { usage: {}, usageIs: 'reported', seconds: 0 };
    const seconds = this.secondsOfBytes();
    return { usage: estimated(seconds, 0), usageIs: 'estimated', seconds };
  }

  private secondsOfBytes(): number {
    return this.speech.bytes.byteLength / BYTES_PER_SECOND;
  }

  private end(
    outcome: ModelAttempt['outcome'],
    { usage, usageIs, seconds }: Measured,
    characters: number,
    error?: ProviderError,
  ): ModelAttempt {
    const { ref, price, startedAt } = this;
    return {
      ref,
      outcome,
      ...(outcome === 'failed' && error && { error }),
      usage,
      usageIs,
      ...(price && { costMicros: costOf(usage, seconds, price) }),
      messages: 0,
      startedAt,
      durationMs: Math.round(performance.now() - this.start),
      characters,
    };
  }
}

function estimated(seconds: number, characters: number): Usage {
  const inputTokens = Math.ceil(seconds * TOKENS_PER_SECOND);
  const outputTokens = tokensOfLength(characters);
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

const costOf = (usage: Usage, seconds: number, price: Price): number =>
  price.minute === undefined
    ? costMicros(usage, price)
    : Math.round((seconds / SECONDS_PER_MINUTE) * price.minute * MICROS);
