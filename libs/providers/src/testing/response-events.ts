import { expect } from 'vitest';
import { ResponseReader } from '../adapters/openai/responses/answer/from-wire.js';
import type { StreamPart } from '../spec/stream-part.js';
import { faultsOf } from './well-formed.js';

/** One event of OpenAI's Responses. */
export type ResponseEvent = Readonly<Record<string, unknown>>;

export function added(index: number, item: object): ResponseEvent {
  return { type: 'response.output_item.added', output_index: index, item };
}

export function done(index: number, item: object): ResponseEvent {
  return { type: 'response.output_item.done', output_index: index, item };
}

export function completed(response: object = {}): ResponseEvent {
  return { type: 'response.completed', response };
}

/** An event of item 0, part 0, unless the fields say otherwise. */
export function event(type: string, fields: object = {}): ResponseEvent {
  return { type: `response.${type}`, output_index: 0, content_index: 0, summary_index: 0, ...fields };
}

/** A reader that has had these. Calls without an id are named `made`. */
export function readerOf(events: readonly ResponseEvent[]): ResponseReader {
  const reader = new ResponseReader({ ref: { provider: 'openai', model: 'm' }, secrets: [] }, () => 'made');
  for (const one of events) reader.frame(one);
  return reader;
}

/** The parts of an answer that these complete, well-formed, without its `finish`. */
export function partsOf(...events: ResponseEvent[]): readonly StreamPart[] {
  const reader = readerOf([...events, completed()]);
  reader.end();
  const parts = reader.take();
  expect(faultsOf(parts)).toEqual([]);
  return parts.slice(0, -1);
}
