import { dropAbsent, object } from '../../http/json.js';
import { operatorDetail } from '../../http/operator-detail.js';
import type { SseFrame } from '../../http/sse-frames.js';
import { PartWriter } from '../../parts/part-writer.js';
import { ProviderError, type ProviderErrorCode } from '../../spec/provider-error.js';
import type { StreamPart } from '../../spec/stream-part.js';
import type { Usage } from '../../spec/usage.js';
import type { AnswerReader } from '../../wire/answer-reader.js';
import { isErrorBody } from '../../wire/error-frame.js';
import { type FailureContext, streamFailure } from '../../wire/errors.js';
import { isFailure } from './failure-rules.js';
import { writeFinish } from '../../wire/finish.js';
import { toFinishReason } from './finish-reason.js';
import { GrowingText } from './growing-text.js';
import { ExtraReader } from './extra-reader.js';
import type { ResponseFields } from './response-config.js';
import { keysSeen, readFirst } from './response-path.js';
import { toolCallsIn } from './tool-calls.js';

/** What an answer is read by. */
export interface ResponseSpec extends ResponseFields {
  /** The name of the server-sent event that is the end. */
  readonly endEvent?: string;
}

/** A pretty-printed JSON body is no larger than this where a stream was declared. */
const MAX_UNREADABLE = 1024 * 1024;
const MAX_KEYS = 30;

/** Reads answers by declared paths: frames that have what is new, or one body. Fields that no path names are left alone. */
export class DeclaredReader implements AnswerReader {
  readonly #writer = new PartWriter();
  readonly #text = new GrowingText();
  readonly #thought = new GrowingText();
  readonly #keys = new Set<string>();
  readonly readsLate = true;
  #unreadable = '';
  #badFrames = 0;
  #frames = 0;
  /** Some path has found something that an answer consists of. */
  #fits = false;
  readonly #extra: ExtraReader;
  #calls = 0;
  #finish: string | null = null;
  #usage: Usage = {};
  #over = false;
  /** A frame or body that holds no answer and says that something has failed, although nothing declares it. */
  #reported: unknown;

  constructor(
    private readonly spec: ResponseSpec,
    private readonly context: FailureContext,
    private readonly newCallId: () => string,
  ) {
    this.#extra = new ExtraReader(spec);
  }

  get finished(): boolean {
    return this.#over || (this.spec.done === undefined && this.#finish !== null);
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  ends({ event, data }: SseFrame): boolean {
    const { done, endEvent } = this.spec;
    return (event !== undefined && event === endEvent) || (typeof done === 'string' && isMark(data, done));
  }

  frame(json: unknown): boolean {
    this.#push(json);
    return this.#over;
  }

  unreadable(data: string): void {
    this.#badFrames += 1;
    if (this.#frames === 0 && this.#unreadable.length < MAX_UNREADABLE) this.#unreadable += `${data}\n`;
  }

  whole(json: unknown): void {
    this.#push(json);
    this.#extra.readWhole(json);
  }

  /**
   * @throws ProviderError `malformed_response` when nothing was where the paths say, or nothing was JSON; `stream_truncated`
   * when the declared end did not come; `empty_response` when the answer holds no word
   */
  end(marked: boolean): void {
    if (this.#frames === 0 && this.#badFrames > 0) this.#readAsWhole();
    else if (!marked && !this.finished && this.#hasEnd()) {
      throw this.#failure('stream_truncated', 'the stream ended without what is declared as its end');
    }
    const reason = toFinishReason(this.#finish, this.spec.finishReasons, this.context);
    if (!this.#text.said && this.#calls === 0 && reason.unified !== 'content_filter') throw this.#nothing();
    this.#writer.skipped(this.#badFrames);
    this.#writer.extra(this.#extra.fields);
    writeFinish(this.#writer, reason, Object.keys(this.#usage).length > 0 ? this.#usage : undefined);
  }

  #push(json: unknown): void {
    this.#frames += 1;
    // A frame, or a body, that is nothing but text.
    if (typeof json === 'string') return this.#say(json, this.spec.textIs);
    if (isFailure(readFirst(json, this.spec.error ?? []))) throw streamFailure(this.context, json);
    this.#think(readFirst(json, this.spec.reasoning ?? []));
    const text = textOf(readFirst(json, this.spec.text));
    if (text !== undefined) this.#say(text, this.spec.textIs);
    this.#call(json);
    this.#extra.read(json);
    this.#finish = wordOf(readFirst(json, this.spec.finish ?? [])) ?? this.#finish;
    this.#usage = { ...this.#usage, ...this.#usageIn(json) };
    this.#over ||= this.#isDone(json);
    if (!text) this.#heed(json);
    if (this.#fits || this.#keys.size > MAX_KEYS) return;
    for (const key of keysSeen(json).split(', ')) this.#keys.add(key);
  }

  /** Servers do report failures with status 200. Where the operator has said how, others do not end an answer. */
  #heed(json: unknown): void {
    const body = object(json);
    if (!body || !isErrorBody(body)) return;
    this.#reported = json;
    const { error, errorMessage, errorCode } = this.spec;
    if (this.#text.said && !error && !errorMessage && !errorCode) throw streamFailure(this.context, json);
  }

  #say(text: string, textIs: ResponseFields['textIs']): void {
    this.#fits = true;
    this.#writer.text(this.#text.grow(text, textIs, this.context));
  }

  #think(value: unknown): void {
    const thought = textOf(value);
    if (thought !== undefined) this.#writer.reasoning(this.#thought.grow(thought, this.spec.textIs, this.context));
  }

  #call(json: unknown): void {
    for (const { id, name, arguments: given } of toolCallsIn(json, this.spec.toolCalls)) {
      this.#fits = true;
      this.#calls += 1;
      const block = this.#writer.toolCall(id ?? this.newCallId(), name);
      this.#writer.delta(block, given);
      this.#writer.end(block);
    }
  }

  #usageIn(json: unknown): Usage {
    const { input = [], output = [], total = [] } = this.spec.usage ?? {};
    return dropAbsent({
      inputTokens: countOf(readFirst(json, input)),
      outputTokens: countOf(readFirst(json, output)),
      totalTokens: countOf(readFirst(json, total)),
    });
  }

  #isDone(json: unknown): boolean {
    const { done } = this.spec;
    if (typeof done !== 'object') return false;
    const value = readFirst(json, done.path);
    return done.is === undefined ? Boolean(value) : value === done.is;
  }

  #hasEnd(): boolean {
    return this.spec.done !== undefined || this.spec.finish !== undefined;
  }

  /** A server that answers in one body where a stream was declared. */
  #readAsWhole(): void {
    let json: unknown;
    try {
      json = JSON.parse(this.#unreadable);
    } catch (cause) {
      const detail = `none of ${this.#badFrames} frames is JSON; they have ${this.#unreadable.length} characters`;
      throw this.#failure('malformed_response', detail, cause);
    }
    this.#badFrames = 0;
    this.#push(json);
  }

  #nothing(): ProviderError {
    if (this.#reported !== undefined) return streamFailure(this.context, this.#reported);
    if (this.#frames === 0 || this.#fits) return this.#failure('empty_response', 'the answer holds no text');
    const detail = `there is no text at ${this.spec.text.join(', ')}; seen: ${[...this.#keys].join(', ')}`;
    return this.#failure('malformed_response', detail);
  }

  #failure(code: ProviderErrorCode, detail: string, cause?: unknown): ProviderError {
    const { ref, secrets } = this.context;
    return new ProviderError(code, { ref, detail: operatorDetail(detail, secrets), cause });
  }
}

/** Text frames come as JSON strings. */
const isMark = (data: string, mark: string): boolean =>
  data.trim() === mark || data.replaceAll(/^"(?:\\[nrt]|\s)*|(?:\\[nrt]|\s)*"$/g, '') === mark;

/** A text, or the texts of a list one after the other. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  const texts = value.map(textOf).filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join('') : undefined;
}

/** Some say `done: false` until they are. */
function wordOf(value: unknown): string | undefined {
  const [first] = Array.isArray(value) ? value : [value];
  return first === undefined || first === null || first === false || first === '' ? undefined : String(first);
}

function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) ? count : undefined;
}
