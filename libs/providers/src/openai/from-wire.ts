import { PartWriter } from '../parts/part-writer.js';
import { ProviderError } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';
import { type Json, list, object, text } from '../http/json.js';
import { type FailureContext, streamFailure } from './errors.js';
import { toFinishReason } from './finish-reason.js';
import { contentOf, reasoningOf, sourcesOf, usageOf } from './message-fields.js';
import { ToolCallReader } from './tool-call-reader.js';

/** Reads one answer, chunk by chunk or whole, into parts. Only choice 0 is read: we never ask for more. */
export class AnswerReader {
  readonly #writer = new PartWriter();
  readonly #calls: ToolCallReader;
  #finish: string | null = null;
  #usage: Usage | undefined;
  #citations: readonly unknown[] = [];
  #answered = false;
  #unknownFrames = 0;

  constructor(
    private readonly context: FailureContext,
    newCallId: () => string,
  ) {
    this.#calls = new ToolCallReader(this.#writer, newCallId);
  }

  /** The provider gave a reason to stop: the answer is whole, even if its end marker is missing. */
  get finished(): boolean {
    return this.#finish !== null;
  }

  /** The parts since the last call. */
  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  /**
   * A chunk of a stream, whose choices hold a `delta`, or a whole chat completion with a `message`. Perplexity sends both in
   * either case, and only the right one is the answer. @throws ProviderError for an error object
   */
  push(json: unknown, field: 'delta' | 'message'): void {
    const frame = object(json);
    if (!frame) return this.#unknown();
    const failure = frame['error'] ?? object(frame['x_groq'])?.['error'];
    if (failure) throw streamFailure(this.context, frame['error'] ? frame : { error: failure });
    const usage = usageOf(frame);
    if (usage) this.#usage = usage;
    // Perplexity repeats the whole list on each chunk.
    if (frame['citations']) this.#citations = list(frame['citations']);
    if (Array.isArray(frame['choices'])) this.#choices(frame['choices'], field);
    else if (!usage) this.#unknown();
  }

  /** The answer is over. @throws ProviderError `empty_response` when there was none */
  end(): void {
    if (!this.#answered) {
      throw new ProviderError('empty_response', { ref: this.context.ref, detail: 'the answer holds no choice' });
    }
    for (const url of this.#citations) if (typeof url === 'string') this.#writer.source({ url });
    if (this.#unknownFrames > 0) {
      const detail = 'frames of unknown shape were skipped';
      this.#writer.warning({ code: 'unknown_frames', count: this.#unknownFrames, detail });
    }
    this.#writer.finish(toFinishReason(this.#finish), this.#usage);
  }

  #choices(choices: readonly unknown[], field: 'delta' | 'message'): void {
    for (const one of choices) {
      const choice = object(one);
      if (!choice || (choice['index'] ?? 0) !== 0) continue;
      this.#answered = true;
      if (choice['error']) throw streamFailure(this.context, choice);
      const message = object(choice[field]);
      if (message) this.#message(message);
      const finish = text(choice['finish_reason']);
      if (finish) this.#finish = finish;
    }
  }

  /** A delta and a whole message have the same fields; in a delta nearly always just one of them is set. */
  #message(message: Json): void {
    this.#writer.reasoning(reasoningOf(message));
    const content = message['content'];
    if (typeof content === 'string') this.#writer.text(content);
    else if (Array.isArray(content)) this.#contentParts(content);
    // A refusal is the answer, in other words.
    this.#writer.text(text(message['refusal']));
    if (message['tool_calls']) this.#calls.push(list(message['tool_calls']));
    else if (message['function_call']) this.#calls.push([{ index: 0, function: message['function_call'] }]);
    if (message['annotations']) for (const source of sourcesOf(message['annotations'])) this.#writer.source(source);
  }

  #contentParts(parts: readonly unknown[]): void {
    for (const part of parts) {
      const { kind, text: piece } = contentOf(part);
      this.#writer[kind](piece);
    }
  }

  #unknown(): void {
    this.#unknownFrames += 1;
  }
}
