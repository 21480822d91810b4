import { PartWriter } from '../../../../parts/part-writer.js';
import { ProviderError } from '../../../../spec/provider-error.js';
import type { StreamPart } from '../../../../spec/stream-part.js';
import type { Usage } from '../../../../spec/usage.js';
import { type Json, list, object, text } from '../../../../http/json.js';
import type { AnswerReader } from '../../../../wire/answer-reader.js';
import { type FailureContext, streamFailure } from '../../../../wire/errors.js';
import { toFinishReason } from './finish-reason.js';
import type { Dialect } from '../dialect.js';
import { contentOf, reasoningOf, sourcesOf } from './message-fields.js';
import { ThoughtKeeper } from '../replay.js';
import { ToolCallReader } from './tool-call-reader.js';
import { usageOf } from './usage.js';

/** Reads one chat completion, chunk by chunk or whole, into parts. Only choice 0 is read: we never ask for more. */
export class ChatAnswerReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #calls: ToolCallReader;
  readonly #thoughts: ThoughtKeeper;
  #finish: string | null = null;
  #usage: Usage | undefined;
  #citations: readonly unknown[] = [];
  #answered = false;
  #unknownFrames = 0;

  constructor(
    private readonly context: FailureContext,
    newCallId: () => string,
    private readonly dialect: Pick<Dialect, 'replay' | 'reasoningCount'>,
  ) {
    this.#calls = new ToolCallReader(this.#writer, newCallId, context.ref.provider);
    this.#thoughts = new ThoughtKeeper(dialect.replay);
  }

  /** The reason to stop is as good an end marker as [DONE], which several servers do not send. */
  get finished(): boolean {
    return this.#finish !== null;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  /** Never the last frame: usage and [DONE] come behind the reason to stop. */
  frame(json: unknown): false {
    this.#push(json, 'delta');
    return false;
  }

  whole(json: unknown): void {
    this.#push(json, 'message');
  }

  /** @throws ProviderError `empty_response` when no choice came, `stream_truncated` when nothing said that it is over */
  end(marked: boolean): void {
    if (!marked && !this.finished) {
      const detail = 'the stream ended without finish_reason and [DONE]';
      throw new ProviderError('stream_truncated', { ref: this.context.ref, detail });
    }
    if (!this.#answered) {
      this.#writer.usage(this.#usage);
      throw new ProviderError('empty_response', { ref: this.context.ref, detail: 'the answer holds no choice' });
    }
    this.#replay();
    for (const url of this.#citations) if (typeof url === 'string') this.#writer.source({ type: 'url', url });
    this.#writer.skipped(this.#unknownFrames);
    this.#writer.finish(toFinishReason(this.#finish), this.#usage);
  }

  /**
   * The choices of a chunk hold a `delta`, those of a whole completion a `message`. Perplexity sends both in either case, and
   * only the right one is the answer.
   */
  #push(json: unknown, field: 'delta' | 'message'): void {
    const frame = object(json);
    if (!frame) return this.#unknown();
    const failure = frame['error'] ?? object(frame['x_groq'])?.['error'];
    if (failure) throw streamFailure(this.context, frame['error'] ? frame : { error: failure });
    const usage = usageOf(frame, this.dialect.reasoningCount);
    if (usage) this.#usage = usage;
    // Perplexity repeats the whole list on each chunk.
    if (frame['citations']) this.#citations = list(frame['citations']);
    if (Array.isArray(frame['choices'])) this.#choices(frame['choices'], field);
    else if (!usage) this.#unknown();
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
    this.#reasoning(reasoningOf(message));
    this.#thoughts.add(message);
    const content = message['content'];
    if (content || message['tool_calls']) this.#replay();
    if (typeof content === 'string') this.#writer.text(content);
    else if (Array.isArray(content)) this.#contentParts(content);
    // A refusal is the answer, in other words.
    this.#writer.text(text(message['refusal']));
    if (message['tool_calls']) this.#calls.push(list(message['tool_calls']));
    else if (message['function_call']) this.#calls.push([{ index: 0, function: message['function_call'] }]);
    if (message['annotations']) for (const source of sourcesOf(message['annotations'])) this.#writer.source(source);
  }

  /** Servers that join several thoughts into one stream put a blank line between them, in a delta of its own. */
  #reasoning(piece: string): void {
    this.#writer.reasoning(piece);
    if (piece === '\n\n') this.#writer.close();
  }

  /** Before what the thoughts have led to. */
  #replay(): void {
    const data = this.#thoughts.take();
    if (data) this.#writer.replay(this.context.ref.provider, data);
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
