import type { Message, RawMessageDeltaEvent, Usage } from '@anthropic-ai/sdk/resources/messages';
import { count, type Json, list, object, text } from '../../../http/json.js';
import type { AnswerReader } from '../../../wire/answer-reader.js';
import { isErrorBody } from '../../../wire/error-frame.js';
import { type FailureContext, streamFailure } from '../../../wire/errors.js';
import { writeEnd } from '../../../wire/finish.js';
import { PartWriter } from '../../../parts/part-writer.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import type { BlockType, Delta, DeltaType, MessageEvent, Unchecked } from '../wire.js';
import type { BlockReader } from './block-reader.js';
import { HostedReader } from './hosted-reader.js';
import { TextReader, TextRun } from './text-reader.js';
import { ThinkingReader } from './thinking-reader.js';
import { ToolUseReader } from './tool-use-reader.js';
import { toUsage } from './usage.js';

/** What a block must be whose beginning was lost; a tool call is lost with its name. */
const BY_DELTA: Readonly<Partial<Record<DeltaType, BlockType>>> = {
  text_delta: 'text',
  citations_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'thinking',
};

/** Reads one message, event by event or whole, into parts. */
export class MessageReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #run = new TextRun(this.#writer);
  /** The blocks that are not complete, by their place in the message. */
  readonly #blocks = new Map<number, BlockReader>();
  #messageId: string | undefined;
  #usage: Unchecked<Usage> | undefined;
  #stopReason: string | null = null;
  #stopped = false;
  #answered = false;
  #unknownFrames = 0;

  constructor(
    private readonly context: FailureContext,
    private readonly newCallId: () => string,
  ) {}

  /** The reason to stop comes behind all content, so it is as good an end marker as `message_stop`. */
  get finished(): boolean {
    return this.#stopped || this.#stopReason !== null;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  frame(json: unknown): boolean {
    const event: MessageEvent = object(json) ?? {};
    switch (event.type) {
      case 'content_block_delta':
        this.#delta(count(event.index) ?? 0, object(event.delta) ?? {});
        return false;
      case 'content_block_start':
        this.#start(count(event.index) ?? 0, object(event.content_block) ?? {});
        return false;
      case 'content_block_stop':
        this.#stop(count(event.index) ?? 0);
        return false;
      case 'message_start':
        this.#begin(object(event.message) ?? {});
        return false;
      case 'message_delta':
        this.#about(object(event.delta) ?? {}, event.usage);
        return false;
      case 'message_stop':
        this.#stopped = true;
        return true;
      case 'ping':
        return false;
      default:
        if (isErrorBody(object(json) ?? {})) throw streamFailure(this.context, json);
        this.#unknownFrames += 1;
        return false;
    }
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  whole(json: unknown): void {
    const message: (Json & Unchecked<Message>) | undefined = object(json);
    if (message && isErrorBody(message)) throw streamFailure(this.context, message);
    if (!message || !Array.isArray(message.content)) {
      throw new ProviderError('malformed_response', { ref: this.context.ref, detail: 'a body that is no message' });
    }
    this.#begin(message);
    this.#stopped = true;
  }

  /** @throws ProviderError `stream_truncated` when nothing said that it is over, `empty_response` when there is no content */
  end(): void {
    const { ref } = this.context;
    if (!this.finished) {
      throw new ProviderError('stream_truncated', { ref, detail: 'the stream ended without message_stop' });
    }
    // A stop sequence may come first of all; that is an answer as the caller wanted it.
    if (!this.#answered && (this.#stopReason ?? 'end_turn') === 'end_turn') {
      throw new ProviderError('empty_response', { ref, detail: 'the message has no content' });
    }
    this.#complete();
    this.#writer.skipped(this.#unknownFrames);
    writeEnd(this.#writer, this.#stopReason, this.#usage && toUsage(this.#usage), this.context);
  }

  /** A message begins, once or (some proxies) twice; with another id it goes on as another message, its places from 0. */
  #begin(message: Unchecked<Message>): void {
    const id = text(message.id);
    if (this.#messageId !== undefined && id === this.#messageId) return;
    this.#complete();
    this.#messageId = id;
    for (const [index, block] of list(message.content).entries()) {
      this.#start(index, object(block) ?? {});
      this.#stop(index);
    }
    this.#about(message, message.usage);
    this.#writer.usage(this.#usage && toUsage(this.#usage));
  }

  /** What is said of the message besides its content. Counts are of the whole message so far, those left out are unchanged. */
  #about(fields: Unchecked<RawMessageDeltaEvent.Delta>, usage: unknown): void {
    this.#stopReason = text(fields.stop_reason) || this.#stopReason;
    const known = Object.entries(object(usage) ?? {}).filter(([, value]) => value !== null);
    if (known.length > 0) this.#usage = { ...this.#usage, ...Object.fromEntries(known) };
  }

  #start(index: number, block: Json): void {
    this.#stop(index);
    if ((block['type'] as BlockType) !== 'text') this.#run.end();
    const reader = this.#newReader(block);
    if (!reader) return this.#unknown();
    this.#answered = true;
    this.#blocks.set(index, reader);
  }

  #delta(index: number, delta: Delta): void {
    if (!this.#blocks.has(index)) {
      const type = delta.type && BY_DELTA[delta.type];
      if (type === undefined) return this.#unknown();
      this.#start(index, { type });
    }
    if (!this.#blocks.get(index)?.delta(delta)) this.#unknown();
  }

  #stop(index: number): void {
    this.#blocks.get(index)?.stop();
    this.#blocks.delete(index);
  }

  /** Blocks that the server left open are complete with the message. */
  #complete(): void {
    for (const block of this.#blocks.values()) block.stop();
    this.#blocks.clear();
    this.#run.end();
  }

  #newReader(block: Json): BlockReader | undefined {
    const { provider } = this.context.ref;
    switch (block['type'] as BlockType) {
      case 'text':
        return new TextReader(this.#writer, this.#run, block);
      case 'thinking':
      case 'redacted_thinking':
        return new ThinkingReader(this.#writer, provider, block);
      case 'tool_use':
        return text(block['name']) ? new ToolUseReader(this.#writer, block, this.newCallId) : undefined;
      default:
        return text(block['type']) ? new HostedReader(this.#writer, provider, block) : undefined;
    }
  }

  #unknown(): void {
    this.#unknownFrames += 1;
  }
}
