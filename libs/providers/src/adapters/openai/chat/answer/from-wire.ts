import { PartWriter } from '../../../../parts/part-writer.js';
import { ProviderError } from '../../../../spec/provider-error.js';
import type { StreamPart } from '../../../../spec/stream-part.js';
import type { Usage } from '../../../../spec/usage.js';
import { type Json, list, object, text } from '../../../../http/json.js';
import type { AnswerReader } from '../../../../wire/answer-reader.js';
import { isErrorBody, isSet } from '../../../../wire/error-frame.js';
import { streamFailure } from '../../../../wire/errors.js';
import { writeEnd } from '../../../../wire/finish.js';
import { mergeUsage } from '../../../../wire/usage.js';
import type { ReaderContext } from '../../../../wire/wire-format.js';
import type { Dialect } from '../dialect.js';
import { FinishWord } from './finish-word.js';
import { MessageReader } from './message-reader.js';
import { usageOf } from './usage.js';

/** Reads one chat completion, chunk by chunk or whole, into parts. Only choice 0 is read: we never ask for more. */
export class ChatAnswerReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #message: MessageReader;
  readonly #finish = new FinishWord();
  #usage: Usage | undefined;
  #citations: readonly unknown[] = [];
  #answered = false;
  #isWhole = false;
  #unknownFrames = 0;

  constructor(
    private readonly context: ReaderContext,
    newCallId: () => string,
    private readonly dialect: Pick<Dialect, 'reasoningCount' | 'alwaysFinishes'>,
  ) {
    this.#message = new MessageReader(this.#writer, newCallId, context.ref.provider, context.wantedThoughts);
  }

  /** The reason to stop is as good an end marker as [DONE], which several servers do not send. */
  get finished(): boolean {
    return this.#finish.raw !== null;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  /** Never the last frame: usage and [DONE] come behind the reason to stop. */
  frame(json: unknown): false {
    this.#push(json);
    return false;
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  whole(json: unknown): void {
    this.#isWhole = true;
    this.#push(Array.isArray(json) ? json[0] : json);
  }

  /**
   * @throws ProviderError `empty_response` when no choice came, `stream_truncated` when nothing said that it is over, and what a
   * finish reason stands for that says that the answer failed
   */
  end(marked: boolean): void {
    if (!this.finished && !(marked && this.#mayEndWithoutReason())) {
      const detail = `the stream ended without a finish_reason${marked ? '' : ' and [DONE]'}`;
      throw new ProviderError('stream_truncated', { ref: this.context.ref, detail });
    }
    if (!this.#answered) {
      this.#writer.usage(this.#usage);
      throw new ProviderError('empty_response', { ref: this.context.ref, detail: 'the answer holds no choice' });
    }
    this.#unknownFrames += this.#message.finish();
    for (const url of this.#citations) if (typeof url === 'string') this.#writer.source({ type: 'url', url });
    this.#writer.skipped(this.#unknownFrames);
    writeEnd(this.#writer, this.#finish.raw, this.#usage, this.context);
  }

  /** Servers that always send a reason do not end an answer without one; with frames that were damaged it may be among them. */
  #mayEndWithoutReason(): boolean {
    return this.#isWhole || !this.#answered || !this.dialect.alwaysFinishes || this.#unknownFrames > 0;
  }

  #push(json: unknown): void {
    const frame = object(json);
    if (!frame) return this.unreadable();
    if (frame['error'] && isSet(frame['error'])) return this.#fail(frame['error'], frame);
    if (frame['x_groq']) this.#fail(object(frame['x_groq'])?.['error']);
    const usage = usageOf(frame, this.dialect.reasoningCount);
    if (usage) this.#usage = mergeUsage(this.#usage, usage);
    // Perplexity repeats the whole list on each chunk.
    if (frame['citations']) this.#citations = list(frame['citations']);
    const choices = frame['choices'];
    if (Array.isArray(choices) && choices.length > 0) this.#choices(choices);
    else if (isErrorBody(frame)) this.#fail(frame, frame);
    else if (!Array.isArray(choices) && !usage) this.unreadable();
  }

  /** A failure behind the end of a good answer is no failure of the answer. `error` may be empty; `report` is all that is said of it. */
  #fail(error: unknown, report: unknown = { error }): void {
    if (!isSet(error)) return;
    if (!this.#finish.isGood) throw streamFailure(this.context, report);
    this.unreadable();
  }

  #choices(choices: readonly unknown[]): void {
    for (const one of choices) {
      const choice = object(one);
      if (!choice || (choice['index'] ?? 0) !== 0) continue;
      this.#answered = true;
      if (choice['error']) this.#fail(choice['error'], choice);
      this.#read(choice);
      if (choice['finish_reason']) this.#finish.add(choice['finish_reason']);
    }
  }

  /**
   * The choices of a chunk hold a `delta`, those of a whole completion a `message`. Perplexity sends both in either case, other servers
   * a message at the end or only messages: what the last one holds beyond the deltas counts.
   */
  #read(choice: Json): void {
    const delta = object(choice['delta']);
    const message = object(choice['message']);
    if (this.#isWhole) return this.#message.delta(message ?? delta ?? { content: text(choice['text']) });
    if (delta) this.#message.delta(delta);
    if (message && (!delta || choice['finish_reason'])) this.#message.whole(message, delta !== undefined);
    else if (!delta && !message) this.#message.delta({ content: text(choice['text']) });
  }
}
