import { expect } from 'vitest';
import { MessageReader } from '../adapters/anthropic/answer/from-wire.js';
import type { StreamPart } from '../spec/stream-part.js';
import { faultsOf } from './well-formed.js';

/** One event of Anthropic's Messages. */
export type MessageEvent = Readonly<Record<string, unknown>>;

export function started(message: object = {}): MessageEvent {
  return { type: 'message_start', message: { id: 'msg_1', content: [], ...message } };
}

/** A content block with its deltas, from its start to its stop. */
export function block(index: number, content: object, ...deltas: object[]): MessageEvent[] {
  return [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

/** A text block, said in these pieces. */
export function textBlock(index: number, ...pieces: string[]): MessageEvent[] {
  return block(index, { type: 'text', text: '' }, ...pieces.map((text) => ({ type: 'text_delta', text })));
}

/** What ends a message. */
export function stopped(reason: string | null = 'end_turn', usage?: object): MessageEvent[] {
  return [{ type: 'message_delta', delta: { stop_reason: reason }, usage }, { type: 'message_stop' }];
}

/** A reader that has had these. Calls without an id are named `made`. */
export function readerOf(events: readonly MessageEvent[]): MessageReader {
  const reader = new MessageReader({ ref: { provider: 'anthropic', model: 'm' }, secrets: [] }, () => 'made');
  for (const event of events) reader.frame(event);
  return reader;
}

/** The parts of a message of these blocks, well-formed, without its `finish`. */
export function partsOf(...events: MessageEvent[]): readonly StreamPart[] {
  const reader = readerOf([started(), ...events, ...stopped()]);
  reader.end();
  const parts = reader.take();
  expect(faultsOf(parts)).toEqual([]);
  return parts.slice(0, -1);
}
