import { count, dropAbsent } from '../../../http/json.js';
import { operatorDetail } from '../../../http/operator-detail.js';
import { PartWriter } from '../../../parts/part-writer.js';
import { ProviderError, type ProviderErrorCode } from '../../../spec/provider-error.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import type { Usage } from '../../../spec/usage.js';
import { type FailureContext, streamFailure } from '../../../wire/errors.js';
import { writeFinish } from '../../../wire/finish.js';
import { ExtraReader } from '../extra-reader.js';
import { toFinishReason } from '../finish-reason.js';
import { GrowingText } from '../growing-text.js';
import { keysSeen, readFirst } from '../response-path.js';
import type { WebSocketResponse } from './response-config.js';
import type { MessageKinds } from './message-kinds.js';

/** Reads the messages of one answer. */
export class WebSocketAnswerReader {
  readonly #writer = new PartWriter();
  readonly #text = new GrowingText();
  readonly #thought = new GrowingText();
  #usage: Usage = {};
  #finish: string | null = null;
  readonly #extra: ExtraReader;
  #skipped = 0;
  /** Something of the answer was understood. */
  #fits = false;

  constructor(
    private readonly response: WebSocketResponse,
    private readonly kinds: MessageKinds,
    private readonly context: FailureContext,
  ) {
    this.#extra = new ExtraReader(response);
  }

  take(): readonly StreamPart[] {
    return this.#writer.take();
  }

  /**
   * @returns whether it was the last one
   * @throws ProviderError for an error; `malformed_response` for a first message that nothing declared fits, or a text
   * without text, with the keys that were seen; `empty_response` for an answer without words
   */
  message(json: unknown): boolean {
    const { kinds } = this;
    if (kinds.is('error', json)) throw streamFailure(this.context, json);
    const understood = [this.#think(json), this.#say(json), this.#count(json)].includes(true);
    this.#extra.read(json);
    const done = kinds.is('done', json);
    if (!understood && !done && !kinds.is('ignored', json)) this.#skip(json);
    this.#fits ||= understood;
    if (done) this.#end(json);
    return done;
  }

  #say(json: unknown): boolean {
    if (!this.kinds.mayHold('text', json)) return false;
    const { text: paths = [] } = this.response;
    const value = typeof json === 'string' && !this.kinds.isEnd(json) ? json : readFirst(json, paths);
    const text = textOf(value);
    if (text === undefined) {
      if (value === undefined && !this.kinds.is('text', json)) return false;
      throw this.#unfit(`there is no text at ${paths.join(', ')}`, json);
    }
    this.#writer.text(this.#text.grow(text, this.response.textIs, this.context));
    return true;
  }

  #think(json: unknown): boolean {
    const { reasoning } = this.response;
    if (!reasoning || !this.kinds.mayHold('reasoning', json)) return false;
    const thought = textOf(readFirst(json, reasoning));
    if (thought !== undefined) this.#writer.reasoning(this.#thought.grow(thought, this.response.textIs, this.context));
    return thought !== undefined;
  }

  #count(json: unknown): boolean {
    if (!this.kinds.mayCount(json)) return false;
    const { input = [], output = [], total = [] } = this.response.usage ?? {};
    const usage: Usage = dropAbsent({
      inputTokens: count(readFirst(json, input)),
      outputTokens: count(readFirst(json, output)),
      totalTokens: count(readFirst(json, total)),
    });
    this.#usage = { ...this.#usage, ...usage };
    return Object.keys(usage).length > 0;
  }

  /** An unknown first message means a wrong declaration; a later one means a change of the API. */
  #skip(json: unknown): void {
    if (!this.#fits) throw this.#unfit('the message fits nothing that is declared', json);
    this.#skipped += 1;
  }

  #end(json: unknown): void {
    const raw = readFirst(json, this.response.finish ?? []);
    this.#finish = raw === undefined ? null : String(raw);
    const reason = toFinishReason(this.#finish, this.response.finishReasons, this.context);
    if (!this.#text.said && reason.unified !== 'content_filter')
      throw this.#failure('empty_response', 'the answer holds no text');
    this.#writer.skipped(this.#skipped);
    this.#writer.extra(this.#extra.fields);
    writeFinish(this.#writer, reason, Object.keys(this.#usage).length > 0 ? this.#usage : undefined);
  }

  #unfit(what: string, json: unknown): ProviderError {
    return this.#failure('malformed_response', `${what}; seen: ${keysSeen(json)}`);
  }

  #failure(code: ProviderErrorCode, detail: string): ProviderError {
    const { ref, secrets } = this.context;
    return new ProviderError(code, { ref, detail: operatorDetail(detail, secrets) });
  }
}

function textOf(value: unknown): string | undefined {
  const values = Array.isArray(value) ? value : [value];
  const texts = values.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
  return texts.length > 0 ? texts.join('') : undefined;
}
