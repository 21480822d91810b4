import { count, dropAbsent, type Json, object, text } from '../../../http/json.js';
import type { AnswerReader } from '../../../wire/answer-reader.js';
import { isErrorBody } from '../../../wire/error-frame.js';
import { type FailureContext, streamFailure } from '../../../wire/errors.js';
import { finishReason, writeFinish } from '../../../wire/finish.js';
import { PartWriter } from '../../../parts/part-writer.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import type { Usage } from '../../../spec/usage.js';

/** In mid-stream the kind of an error stands for the status that it would have had. */
const STATUS: Readonly<Record<string, number>> = { validation: 422, overloaded: 429, generation: 424 };

/** Reads generated text: a token in each frame, the last with all of the text, or the text alone in one body. */
export class GenerationReader implements AnswerReader {
  readonly #writer = new PartWriter();
  #soFar = '';
  #finished = false;
  #details: Json | undefined;
  #unknownFrames = 0;

  constructor(private readonly context: FailureContext) {}

  get finished(): boolean {
    return this.#finished;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  frame(json: unknown): boolean {
    this.#push(object(json));
    return this.#finished;
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  /** A list with one answer for each input, or the answer alone. */
  whole(json: unknown): void {
    this.#push(object(Array.isArray(json) ? json[0] : json));
  }

  /** @throws ProviderError `stream_truncated` or `empty_response` when the generated text never came */
  end(marked: boolean): void {
    if (!this.#finished) {
      const detail = 'there was no generated_text';
      throw new ProviderError(marked ? 'empty_response' : 'stream_truncated', { ref: this.context.ref, detail });
    }
    this.#writer.skipped(this.#unknownFrames);
    const raw = text(this.#details?.['finish_reason']);
    // Without details there is no reason to be had.
    const reason = raw ? finishReason(raw, this.context) : { unified: 'other' as const, raw: null };
    if (raw) writeFinish(this.#writer, reason, usageOf(this.#details));
    else this.#writer.finish(reason, usageOf(this.#details));
  }

  #push(frame: Json | undefined): void {
    if (frame?.['error']) throw streamFailure(this.context, withStatus(frame));
    const token = object(frame?.['token']);
    const all = frame?.['generated_text'];
    if (typeof all === 'string') this.#last(all, token);
    else if (token) this.#append(token['special'] === true ? '' : text(token['text']));
    else if (frame && isErrorBody(frame)) throw streamFailure(this.context, frame);
    else this.#unknownFrames += 1;
    this.#details = object(frame?.['details']) ?? this.#details;
  }

  /** The last token may be one that is no text, or the blank that the text as a whole does without. */
  #last(all: string, token: Json | undefined): void {
    this.#finished = true;
    if (all.startsWith(this.#soFar)) this.#append(all.slice(this.#soFar.length));
    else if (token && token['special'] !== true) this.#append(text(token['text']));
  }

  #append(piece: string): void {
    this.#soFar += piece;
    this.#writer.text(piece);
  }
}

function withStatus(frame: Json): Json {
  const code = STATUS[text(frame['error_type'])];
  return code === undefined ? frame : { ...frame, code };
}

function usageOf(details: Json | undefined): Usage | undefined {
  const usage: Usage = dropAbsent({
    inputTokens: count(details?.['input_length']),
    outputTokens: count(details?.['generated_tokens']),
  });
  return Object.keys(usage).length > 0 ? usage : undefined;
}
