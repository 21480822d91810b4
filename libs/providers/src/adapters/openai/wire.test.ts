import { expect, it } from 'vitest';
import type { ChatMessage, ChatRequest } from './chat/wire.js';
import type { AnnotationType, OutputItemType, ResponseEventType, ResponsesRequest } from './responses/wire.js';

// The compiler is the test: each line below an expected error must be one, or `npm run check` fails.

it('has the names of the vendor: a misspelt one does not compile', () => {
  const chat: ChatRequest = {
    model: 'm',
    messages: [],
    stream: true,
    // @ts-expect-error -- a field of the body
    max_token: 5,
  };
  const message: ChatMessage = {
    role: 'tool',
    content: '',
    tool_call_id: 'c',
    // @ts-expect-error -- a field of a message
    toolCallId: 'c',
  };
  const response: ResponsesRequest = {
    model: 'm',
    stream: true,
    input: [],
    // @ts-expect-error -- a field of the body
    max_tokens: 5,
  };
  expect([chat, message, response]).toHaveLength(3);
});

it('reads answers by the names of the vendor', () => {
  // @ts-expect-error -- the type of an event
  const event: ResponseEventType = 'response.output_text.dleta';
  // @ts-expect-error -- the type of an item
  const item: OutputItemType = 'function_calls';
  // @ts-expect-error -- the type of an annotation
  const annotation: AnnotationType = 'url_cittation';
  expect([event, item, annotation]).toHaveLength(3);
});
