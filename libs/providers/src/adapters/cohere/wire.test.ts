import type { Cohere } from 'cohere-ai';
import { expect, it } from 'vitest';
import type { CohereEventType, CohereMessage, CohereRequest } from './wire.js';

// The compiler is the test: each line below an expected error must be one, or `npm run check` fails.

it('has the names of the vendor: a misspelt one does not compile', () => {
  const body: CohereRequest = {
    model: 'm',
    messages: [],
    // @ts-expect-error -- a field of the body
    maxToken: 5,
  };
  const message: CohereMessage = {
    role: 'tool',
    content: '',
    toolCallId: 'c',
    // @ts-expect-error -- a field of a message
    tool_call_id: 'c',
  };
  // @ts-expect-error -- a value
  const finish: Cohere.ChatFinishReason = 'COMPLETED';
  expect([body, message, finish]).toHaveLength(3);
});

function isText(type: CohereEventType): boolean {
  switch (type) {
    case 'content-delta':
      return true;
    // @ts-expect-error -- the type of an event
    case 'content-dleta':
      return true;
    default:
      return false;
  }
}

it('reads events by the names of the vendor', () => {
  expect(isText('content-delta')).toBe(true);
});
