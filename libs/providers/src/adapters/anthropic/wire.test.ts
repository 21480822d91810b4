import type { Base64ImageSource } from '@anthropic-ai/sdk/resources/messages';
import { expect, it } from 'vitest';
import type { Delta, MessageEvent, MessagesRequest, WireBlock } from './wire.js';

// The compiler is the test: each line below an expected error must be one, or `npm run check` fails.

it('has the names of the vendor: a misspelt one does not compile', () => {
  const body: MessagesRequest = {
    model: 'm',
    max_tokens: 1,
    messages: [],
    stream: true,
    // @ts-expect-error -- a field of the body
    stop_sequence: ['x'],
  };
  const block: WireBlock = {
    type: 'tool_result',
    // @ts-expect-error -- a field of a block
    tool_call_id: 'a',
  };
  const type: Base64ImageSource['media_type'][] = [
    // @ts-expect-error -- a value
    'image/jpg',
  ];
  expect([body, block, type]).toHaveLength(3);
});

function kindOf(event: MessageEvent): unknown {
  switch (event.type) {
    case 'content_block_delta':
      return event.delta;
    // @ts-expect-error -- the type of an event
    case 'content_block_deltas':
      return undefined;
    default:
      // @ts-expect-error -- a field of an event
      return event.content;
  }
}

function lengthOf(delta: Delta): unknown {
  // @ts-expect-error -- a field of a delta
  const misspelt: unknown = delta.txet;
  // @ts-expect-error -- a value is unknown until somebody looks
  return misspelt ?? delta.text?.length;
}

it('reads events by the names of the vendor, and takes no value on trust', () => {
  expect(kindOf({ type: 'content_block_delta', delta: 1 })).toBe(1);
  expect(lengthOf({ type: 'text_delta', text: 'abc' })).toBe(3);
});
