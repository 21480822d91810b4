import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Json, list, object } from '../../../libs/providers/src/http/json.js';
import { framesOf } from '../replay-server/frames.js';
import { dataOf } from './end-frame.js';
import type { Format } from './expected.js';
import type { Recording } from './recording.js';

/** The end marker of a stream, beside `[DONE]`. Where the reason of the answer may be said earlier, it is no end yet. */
const ENDED: Readonly<Record<Format, (frame: Json) => boolean>> = {
  'openai-chat': () => false,
  'openai-responses': ({ type }) => /^(response\.(completed|incomplete|failed)|error)$/.test(String(type)),
  'anthropic-messages': ({ type }) => type === 'message_stop',
  'cohere-v2-chat': ({ type }) => type === 'message-end',
  'ollama-chat': ({ done }) => done === true,
  'hf-tgi': ({ generated_text: all }) => typeof all === 'string',
};

/** Fields in which servers say why an answer is over; a Responses answer has a status. */
const REASONS = ['finish_reason', 'stop_reason', 'done_reason'];

/** What stands in the bytes of a recording, whatever an adapter makes of it. */
export class Body {
  /** Every value of every frame, at any depth, from the first to the last. */
  readonly #values: readonly unknown[];
  readonly #text: string;
  /** Whether a stream's end marker came. */
  readonly isEnded: boolean;

  constructor({ file, encoding, format }: Recording) {
    const bytes = readFileSync(file);
    const data = framesOf(bytes, encoding).map((frame) => dataOf(frame.toString()));
    const frames = data.flatMap((one) => jsonIn(one));
    this.#text = bytes.toString();
    this.#values = frames.flatMap((frame) => [...valuesIn(frame)]);
    this.isEnded = data.includes('[DONE]') || frames.some((frame) => ENDED[format](object(frame) ?? {}));
  }

  /** Whether this value stands in it, an object with all of its fields; a text also as a page that is no JSON, or as JSON. */
  has(value: unknown): boolean {
    return this.count(value) > 0 || (typeof value === 'string' && this.#holds(value));
  }

  /** How often this value stands in it. */
  count(value: unknown): number {
    return this.#values.filter((one) => isDeepStrictEqual(one, value)).length;
  }

  /** The last reason for the end of the answer that it gives; null where it gives none. */
  get reason(): string | null {
    const reasons = this.#objects.flatMap((fields) => [
      ...REASONS.map((name) => fields[name]),
      fields['object'] === 'response' && fields['status'] !== 'in_progress' ? fields['status'] : undefined,
    ]);
    return (reasons.findLast((reason) => typeof reason === 'string' && reason !== '') as string | undefined) ?? null;
  }

  /** Whether the server says that something has failed. */
  get tellsOfError(): boolean {
    return this.#objects.some(({ type, error }) => Boolean(error) || type === 'error');
  }

  #holds(text: string): boolean {
    if (this.#values.length === 0) return text !== '' && this.#text.includes(text);
    return text.startsWith('{') && jsonIn(text).some((value) => this.has(value));
  }

  /** Citations of chat completions, those that name no source included: files, and references to documents of the request. */
  get annotations(): unknown[] {
    return this.#objects.flatMap(({ annotations, type, ...fields }) => [
      ...list(annotations),
      ...(type === 'reference' ? [{ type, ...fields }] : []),
    ]);
  }

  get #objects(): Json[] {
    return this.#values.map(object).filter((fields) => fields !== undefined);
  }
}

function jsonIn(data: string): unknown[] {
  try {
    return [JSON.parse(data)];
  } catch {
    // `[DONE]`, a comment, half a frame, or a page.
    return [];
  }
}

function* valuesIn(value: unknown): Generator {
  yield value;
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* valuesIn(inner);
}
