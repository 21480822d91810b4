import { messagesOf, sse, startWire, USAGE, type Wire, type WireServer } from './wire.js';

/** https://docs.cohere.com/docs/streaming */
const wire: Wire = {
  path: '/v2/chat',
  list: { models: [{ name: 'command-test', endpoints: ['chat'] }] },
  heard: messagesOf,
  answer(response, pieces) {
    const tokens = { input_tokens: USAGE.input, output_tokens: USAGE.output };
    const events = [
      { id: 'same', type: 'message-start', delta: { message: { role: 'assistant', content: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      ...pieces.map((text) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text } } } })),
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { billed_units: tokens, tokens } } },
    ];
    sse(response, events, (event) => (event as { type: string }).type);
  },
};

export const startCohere = (): Promise<WireServer> => startWire(wire);
