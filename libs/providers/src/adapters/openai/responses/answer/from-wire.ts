import { count, dropAbsent, type Json, list, object, text } from '../../../../http/json.js';
import type { AnswerReader } from '../../../../wire/answer-reader.js';
import { type FailureContext, streamFailure } from '../../../../wire/errors.js';
import { PartWriter } from '../../../../parts/part-writer.js';
import { ProviderError } from '../../../../spec/provider-error.js';
import type { FinishReason, StreamPart } from '../../../../spec/stream-part.js';
import type { Usage } from '../../../../spec/usage.js';
import { isIgnored, type ItemKind, kindOfEvent, kindOfItem } from './event-kind.js';
import { toFinishReason } from './finish-reason.js';
import { FunctionCallReader } from './function-call-reader.js';
import { ImageReader } from './image-reader.js';
import type { ItemReader } from './item-reader.js';
import { MessageReader } from './message-reader.js';
import { ReasoningReader, toReplay } from './reasoning-reader.js';

/** Where an item is in the output; its id only where a server leaves that out, since some give one item several ids. */
type ItemKey = number | string;

const HOSTED: ItemReader = { event: () => undefined, done: () => undefined };

/** Reads one response, event by event or whole, into parts. */
export class ResponseReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #items = new Map<ItemKey, ItemReader>();
  #reasoning: ReasoningReader | undefined;
  #replays: Json[] = [];
  #finish: FinishReason | undefined;
  #usage: Usage | undefined;
  #unknownFrames = 0;

  constructor(
    private readonly context: FailureContext,
    private readonly newCallId: () => string,
  ) {}

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  frame(json: unknown): boolean {
    const event = object(json) ?? {};
    const type = text(event['type']);
    switch (type) {
      case 'response.output_item.added':
        this.#item(keyOf(event), object(event['item']) ?? {});
        return false;
      case 'response.output_item.done':
        this.#done(keyOf(event), object(event['item']) ?? {});
        return false;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#terminal(object(event['response']) ?? {}, type.slice('response.'.length));
        return true;
      case 'error':
        throw streamFailure(this.context, event);
      default:
        this.#event(type, event);
        return false;
    }
  }

  whole(json: unknown): void {
    const response = object(json);
    if (response?.['error']) throw streamFailure(this.context, response);
    if (!response || !Array.isArray(response['output'])) {
      throw new ProviderError('malformed_response', { ref: this.context.ref, detail: 'a body that is no response' });
    }
    this.#terminal(response, 'completed');
  }

  /** @throws ProviderError `stream_truncated` before the final event, `empty_response` for a response without output */
  end(): void {
    const { ref } = this.context;
    if (!this.#finish) {
      throw new ProviderError('stream_truncated', { ref, detail: 'the stream ended without response.completed' });
    }
    if (this.#items.size === 0 && this.#finish.unified === 'stop') {
      this.#writer.usage(this.#usage);
      throw new ProviderError('empty_response', { ref, detail: 'the response has no output' });
    }
    this.#writer.skipped(this.#unknownFrames);
    this.#writer.finish(this.#finish, this.#usage);
  }

  #event(type: string, event: Json): void {
    const kind = kindOfEvent(type, event);
    if (kind) this.#reader(keyOf(event), kind, event).event(type, event);
    else if (!isIgnored(type)) this.#unknownFrames += 1;
  }

  #item(key: ItemKey, item: Json): ItemReader {
    return this.#reader(key, kindOfItem(item), item);
  }

  #done(key: ItemKey, item: Json): void {
    const reader = this.#item(key, item);
    reader.done(item);
    const replay = reader instanceof ReasoningReader && toReplay(item);
    if (replay) this.#replays.push(replay);
  }

  /** A known item, or a new one: not every server announces its items. `from` is the item, or an event that names it. */
  #reader(key: ItemKey, kind: ItemKind, from: Json): ItemReader {
    const known = this.#items.get(key);
    if (known) return known;
    this.#reasoning?.leave();
    this.#replay(kind);
    const reader = this.#newReader(kind, from, text(from['id']) || text(from['item_id']) || `item-${key}`);
    this.#reasoning = reader instanceof ReasoningReader ? reader : undefined;
    this.#items.set(key, reader);
    return reader;
  }

  #newReader(kind: ItemKind, from: Json, id: string): ItemReader {
    switch (kind) {
      case 'message':
        return new MessageReader(this.#writer, id);
      case 'reasoning':
        return new ReasoningReader(this.#writer, id);
      case 'function_call':
        return new FunctionCallReader(this.#writer, this.newCallId, from);
      case 'image':
        return new ImageReader(this.#writer, id);
      case 'hosted':
        return HOSTED;
      default:
        return kind satisfies never;
    }
  }

  /**
   * OpenAI refuses a reasoning item without the item that followed it, so it goes back only when that is one that we send back
   * as well: this is known when the next one (`kind`) begins.
   */
  #replay(kind: ItemKind): void {
    if (kind === 'reasoning') return;
    const returns = kind === 'message' || kind === 'function_call';
    if (returns) for (const data of this.#replays) this.#writer.replay(this.context.ref.provider, data);
    this.#replays = [];
  }

  /** The response as it is in the end. Its output counts only when nothing of it was streamed. */
  #terminal(response: Json, status: string): void {
    if (this.#items.size === 0) {
      for (const [index, item] of list(response['output']).entries()) this.#done(index, object(item) ?? {});
    }
    const reason = toFinishReason(response, status);
    if (reason.raw === 'failed') throw streamFailure(this.context, { error: failureOf(response) });
    this.#finish = reason;
    this.#usage = usageOf(response);
  }
}

function keyOf(event: Json): ItemKey {
  return count(event['output_index']) ?? (text(event['item_id']) || text(object(event['item'])?.['id']));
}

function failureOf(response: Json): unknown {
  return response['error'] ?? { message: 'the response failed without a reason' };
}

function usageOf(response: Json): Usage | undefined {
  const usage = object(response['usage']);
  if (!usage) return undefined;
  return dropAbsent<Usage>({
    inputTokens: count(usage['input_tokens']),
    outputTokens: count(usage['output_tokens']),
    totalTokens: count(usage['total_tokens']),
    cachedInputTokens: count(object(usage['input_tokens_details'])?.['cached_tokens']),
    reasoningTokens: count(object(usage['output_tokens_details'])?.['reasoning_tokens']),
  });
}
