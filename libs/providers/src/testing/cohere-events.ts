import { expect } from 'vitest';
import { CohereReader } from '../adapters/cohere/answer/from-wire.js';
import { cohereFormat } from '../adapters/cohere/format.js';
import type { CohereEventType } from '../adapters/cohere/wire.js';
import type { StreamPart } from '../spec/stream-part.js';
import { faultsOf } from './well-formed.js';

/** One event of Cohere's chat. */
export type CohereEvent = Readonly<Record<string, unknown>>;

/** An event with a message in its delta. */
function event(type: CohereEventType, message: object, index?: number): CohereEvent {
  return { type, ...(index !== undefined && { index }), delta: { message } };
}

/** Start, pieces and end of a text, citations before its end. */
export function textEvents(index: number, pieces: readonly string[], citations: readonly object[] = []): CohereEvent[] {
  return [
    event('content-start', { content: { type: 'text', text: '' } }, index),
    ...pieces.map((text) => event('content-delta', { content: { text } }, index)),
    ...citations.flatMap((one, at) => [
      event('citation-start', { citations: one }, at),
      { type: 'citation-end', index: at },
    ]),
    { type: 'content-end', index },
  ];
}

export function thinkingEvents(index: number, pieces: readonly string[]): CohereEvent[] {
  return [
    event('content-start', { content: { type: 'thinking', thinking: '' } }, index),
    ...pieces.map((thinking) => event('content-delta', { content: { thinking } }, index)),
    { type: 'content-end', index },
  ];
}

export function planEvents(pieces: readonly string[]): CohereEvent[] {
  return pieces.map((piece) => event('tool-plan-delta', { tool_plan: piece }));
}

/** Start, pieces of the arguments and end of a call of `f`, or of what `call` says. */
export function callEvents(
  index: number,
  pieces: readonly unknown[],
  call: object = { id: `c${index}` },
): CohereEvent[] {
  const start = { type: 'function', function: { name: 'f', arguments: '' }, ...call };
  return [
    event('tool-call-start', { tool_calls: start }, index),
    ...pieces.map((given) => event('tool-call-delta', { tool_calls: { function: { arguments: given } } }, index)),
    { type: 'tool-call-end', index },
  ];
}

export function messageEnd(finish = 'COMPLETE', fields: object = {}): CohereEvent {
  return { type: 'message-end', delta: { finish_reason: finish, ...fields } };
}

/** Events as the bytes of a stream. */
export function sse(events: readonly CohereEvent[]): string {
  return events.map((one) => `event: ${String(one['type'])}\ndata: ${JSON.stringify(one)}\n\n`).join('');
}

/** A reader that has had these. Calls without an id are named `made`. */
export function cohereReaderOf(events: readonly CohereEvent[]): CohereReader {
  const context = { ref: { provider: 'cohere', model: 'm' }, secrets: [] };
  const reader = cohereFormat.newReader(context, () => 'made');
  if (!(reader instanceof CohereReader)) throw new Error('another reader');
  for (const one of events) reader.frame(one);
  return reader;
}

/** All that a reader has to say, well-formed, without its `finish`. */
function endedParts(reader: CohereReader): readonly StreamPart[] {
  reader.end();
  const parts = reader.take();
  expect(faultsOf(parts)).toEqual([]);
  return parts.slice(0, -1);
}

/** The parts of an answer that these complete. */
export function cohereParts(...events: CohereEvent[]): readonly StreamPart[] {
  return endedParts(
    cohereReaderOf([{ type: 'message-start', delta: { message: { role: 'assistant' } } }, ...events, messageEnd()]),
  );
}

/** The parts of an answer that came in one body. */
export function wholeParts(message: object): readonly StreamPart[] {
  const reader = cohereReaderOf([]);
  reader.whole({ id: 'x', finish_reason: 'COMPLETE', message: { role: 'assistant', ...message } });
  return endedParts(reader);
}
