import type { Cohere } from 'cohere-ai';
import { count, type Json, list, object, text } from '../../../http/json.js';
import type { AnswerReader } from '../../../wire/answer-reader.js';
import { type FailureContext, streamFailure } from '../../../wire/errors.js';
import { finishReason, writeFinish } from '../../../wire/finish.js';
import { PartWriter } from '../../../parts/part-writer.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { FinishReason, StreamPart } from '../../../spec/stream-part.js';
import type { Usage } from '../../../spec/usage.js';
import type { CohereEventType } from '../wire.js';
import { ContentReader } from './content-reader.js';
import { ToolCallReader } from './tool-call-reader.js';
import { usageOf } from './usage.js';

/** Reads one answer of `POST /v2/chat`, event by event or whole, into parts. */
export class CohereReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #contents: ContentReader;
  readonly #calls: ToolCallReader;
  #finish: FinishReason | undefined;
  #usage: Usage | undefined;
  #unknownFrames = 0;

  constructor(
    private readonly context: FailureContext,
    newCallId: () => string,
  ) {
    this.#contents = new ContentReader(this.#writer, context.ref.provider);
    this.#calls = new ToolCallReader(this.#writer, newCallId);
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  frame(json: unknown): boolean {
    const event = object(json) ?? {};
    const delta = object(event['delta']) ?? {};
    // Any text may stand here; the type is there for the compiler to compare names with the vendor's.
    const type = text(event['type']) as CohereEventType | '';
    if (type === 'message-end') this.#terminal(delta);
    else this.#event(type, event, object(delta['message']) ?? {});
    return this.finished;
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  whole(json: unknown): void {
    const answer = object(json) ?? {};
    const message = object(answer['message']);
    if (!message) {
      if (isFailure(answer)) throw streamFailure(this.context, answer);
      throw new ProviderError('malformed_response', { ref: this.context.ref, detail: 'a body that is no answer' });
    }
    this.#contents.plan(text(message['tool_plan']));
    this.#wholeContents(list(message['content']), list(message['citations']));
    for (const [index, call] of list(message['tool_calls']).entries()) this.#startCall(index, object(call) ?? {});
    this.#terminal(answer);
  }

  /** @throws ProviderError `stream_truncated` before the last event, `empty_response` for an answer without content */
  end(): void {
    const { ref } = this.context;
    if (!this.#finish)
      throw new ProviderError('stream_truncated', { ref, detail: 'the stream ended without message-end' });
    const isEmpty = !this.#contents.answered && !this.#calls.answered;
    if (isEmpty && (this.#finish.unified === 'stop' || this.#finish.unified === 'tool_calls')) {
      throw this.#counted(new ProviderError('empty_response', { ref, detail: 'the answer has no content' }));
    }
    this.#contents.close();
    this.#writer.skipped(this.#unknownFrames);
    writeFinish(this.#writer, this.#finish, this.#usage);
  }

  #event(type: Exclude<CohereEventType, 'message-end'> | '', event: Json, message: Json): void {
    const index = count(event['index']) ?? 0;
    switch (type) {
      case 'content-start':
      case 'content-delta':
        return this.#contents.push(index, object(message['content']) ?? {});
      case 'content-end':
        return this.#contents.close();
      case 'tool-plan-delta':
        return this.#contents.plan(text(message['tool_plan']));
      case 'tool-call-start':
        return this.#startCall(index, object(message['tool_calls']) ?? {});
      case 'tool-call-delta':
        return this.#calls.delta(index, object(message['tool_calls']) ?? {});
      case 'tool-call-end':
        return this.#calls.end(index);
      case 'citation-start':
        return this.#contents.cite(message['citations']);
      case 'message-start':
      case 'citation-end':
      case 'debug':
        return undefined;
      default:
        if (!type && isFailure(event)) throw streamFailure(this.context, event);
        this.#unknownFrames += 1;
    }
  }

  #startCall(index: number, call: Json): void {
    this.#contents.close();
    this.#calls.start(index, call);
  }

  /** The citations of each content while that is open. Only newer models say which one they are of; others have a single text. */
  #wholeContents(contents: readonly unknown[], citations: readonly unknown[]): void {
    const parts = contents.map((content) => object(content) ?? {});
    const last = parts.findLastIndex(({ type }) => type !== 'thinking');
    for (const [index, part] of parts.entries()) {
      this.#contents.push(index, part);
      for (const citation of citations) {
        if ((count(object(citation)?.['content_index']) ?? last) === index) this.#contents.cite(citation);
      }
    }
  }

  /** How it ended: the delta of `message-end`, or a whole answer. */
  #terminal(end: Json): void {
    const raw = (text(end['finish_reason']) || null) as Cohere.ChatFinishReason | null;
    this.#usage = usageOf(end['usage']);
    const error = text(end['error']);
    if (error) throw this.#counted(streamFailure(this.context, { message: error }));
    try {
      this.#finish = finishReason(raw, this.context);
    } catch (failure) {
      throw this.#counted(failure);
    }
  }

  /** An answer that has failed has its price all the same. */
  #counted(failure: unknown): unknown {
    this.#writer.usage(this.#usage);
    return failure;
  }
}

/** What stands for an answer when there is none: `{message: "...", id}`, as in the body of an HTTP error. */
const isFailure = ({ message }: Json): boolean => typeof message === 'string';
