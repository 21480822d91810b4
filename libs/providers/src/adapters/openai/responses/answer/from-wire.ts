import { count, dropAbsent, type Json, list, object, text } from '../../../../http/json.js';
import type { AnswerReader } from '../../../../wire/answer-reader.js';
import { isErrorBody, isSet } from '../../../../wire/error-frame.js';
import { type FailureContext, streamFailure } from '../../../../wire/errors.js';
import { finishReason, writeFinish } from '../../../../wire/finish.js';
import { outputWithReasoning } from '../../../../wire/usage.js';
import { PartWriter } from '../../../../parts/part-writer.js';
import { ProviderError } from '../../../../spec/provider-error.js';
import type { FinishReason, StreamPart } from '../../../../spec/stream-part.js';
import type { Usage } from '../../../../spec/usage.js';
import type { ResponseEventType } from '../wire.js';
import { isIgnored, type ItemKind, kindOfEvent, kindOfItem } from './event-kind.js';
import { finishWordOf } from './finish-reason.js';
import { FunctionCallReader } from './function-call-reader.js';
import { ImageReader } from './image-reader.js';
import type { ItemReader } from './item-reader.js';
import { type ItemPlace, ItemTable, type OutputItem, placeOf } from './item-table.js';
import { MessageReader } from './message-reader.js';
import { ReasoningReader, toReplay } from './reasoning-reader.js';

/** The events that end a response, and the status where the response has none. */
const END_STATUS = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
  'response.cancelled': 'cancelled',
  // An older name, still that of some proxies.
  'response.done': 'completed',
} as const satisfies Partial<Record<ResponseEventType, string>>;

const HOSTED: ItemReader = { event: () => undefined, done: () => undefined };

/** Reads one response, event by event or whole, into parts. */
export class ResponseReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #items = new ItemTable();
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
    const type = text(event['type']) as ResponseEventType | '';
    switch (type) {
      case 'response.output_item.added':
        this.#announced(event, object(event['item']) ?? {});
        return false;
      case 'response.output_item.done':
        this.#done(placeOf(kindOfItem(object(event['item']) ?? {}), event), object(event['item']) ?? {});
        return false;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
      case 'response.done':
        this.#terminal(object(event['response']) ?? {}, END_STATUS[type]);
        return true;
      case 'error':
        throw streamFailure(this.context, event);
      default:
        return this.#event(type, event);
    }
  }

  unreadable(): void {
    this.#unknownFrames += 1;
  }

  whole(json: unknown): void {
    const response = object(json);
    if (response && (isSet(response['error']) || (!('output' in response) && isErrorBody(response)))) {
      throw streamFailure(this.context, response);
    }
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
    writeFinish(this.#writer, this.#finish, this.#usage);
  }

  /** @returns whether it was the last one: a whole response instead of events */
  #event(type: ResponseEventType | '', event: Json): boolean {
    const kind = kindOfEvent(type, event);
    if (type && kind) this.#item(placeOf(kind, event), event).reader.event(type, event);
    else if (type === '' && event['object'] === 'response') this.whole(event);
    else if (!isIgnored(type)) this.#unknown(event);
    return this.finished;
  }

  #unknown(event: Json): void {
    if (isErrorBody(event)) throw streamFailure(this.context, event);
    this.#unknownFrames += 1;
  }

  #announced(event: Json, item: Json): void {
    const place = placeOf(kindOfItem(item), event);
    if (!this.#items.findAnnounced(place)) this.#begin(place, item);
  }

  #done(place: ItemPlace, item: Json): void {
    const known = this.#item(place, item);
    known.isDone = true;
    known.reader.done(item);
    const replay = known.reader instanceof ReasoningReader && toReplay(item);
    if (replay) this.#replays.push(replay);
  }

  /** A known item, or a new one: not every server announces its items. `from` is the item, or an event that names it. */
  #item(place: ItemPlace, from: Json): OutputItem {
    return this.#items.find(place) ?? this.#begin(place, from);
  }

  #begin(place: ItemPlace, from: Json): OutputItem {
    this.#reasoning?.leave();
    this.#replay(place.kind);
    const reader = this.#newReader(place.kind, from, place.id || `item-${this.#items.size}`);
    this.#reasoning = reader instanceof ReasoningReader ? reader : undefined;
    return this.#items.add(place, reader);
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

  /** By their ids, then in their order: ids change between the events of some servers. Thoughts come before what they led to, or not at all. */
  #complete(output: readonly Json[]): void {
    for (const kind of ['message', 'function_call', 'image'] as const) {
      const said = output.filter((item) => kindOfItem(item) === kind);
      const streamed = this.#items.all(kind);
      const places = said.map((item) => placeOf(kind, { item }));
      const unnamed = streamed.filter(({ id }) => !places.some((place) => place.id !== '' && place.id === id));
      for (const [at, item] of said.entries()) {
        const place = places[at] as ItemPlace;
        const known = streamed.find(({ id }) => id !== '' && id === place.id) ?? unnamed.shift();
        if (known) known.reader.done(item);
        else this.#done(place, item);
      }
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

  /** The response as it is in the end. What of its output was not streamed is written now. */
  #terminal(response: Json, status: string): void {
    const output = list(response['output']).map((item) => object(item) ?? {});
    if (this.#items.size === 0) {
      for (const [index, item] of output.entries())
        this.#done(placeOf(kindOfItem(item), { item, output_index: index }), item);
    } else this.#complete(output);
    const word = finishWordOf(response, status);
    if (word === 'failed' || isSet(response['error']))
      throw streamFailure(this.context, { error: failureOf(response) });
    this.#finish = finishReason(word, this.context);
    this.#usage = usageOf(response);
  }
}

function failureOf(response: Json): unknown {
  return response['error'] ?? { message: 'the response failed without a reason' };
}

function usageOf(response: Json): Usage | undefined {
  const usage = object(response['usage']);
  if (!usage) return undefined;
  const tokens = {
    inputTokens: count(usage['input_tokens']),
    outputTokens: count(usage['output_tokens']),
    totalTokens: count(usage['total_tokens']),
    cachedInputTokens: count(object(usage['input_tokens_details'])?.['cached_tokens']),
    reasoningTokens: count(object(usage['output_tokens_details'])?.['reasoning_tokens']),
  };
  return dropAbsent<Usage>({ ...tokens, outputTokens: outputWithReasoning(tokens) });
}
