import { messagesOf, sse, startWire, USAGE, type Wire, type WireServer } from './wire.js';

/** https://docs.anthropic.com/en/api/messages-streaming */
const wire: Wire = {
  path: '/v1/messages',
  list: { data: [{ type: 'model', id: 'claude-test' }], has_more: false },
  heard: messagesOf,
  answer(response, pieces) {
    const usage = { input_tokens: USAGE.input, output_tokens: 1 };
    const events = [
      { type: 'message_start', message: { id: 'msg_same', type: 'message', role: 'assistant', content: [], usage } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: USAGE.output } },
      { type: 'message_stop' },
    ];
    sse(response, events, (event) => (event as { type: string }).type);
  },
};

export const startAnthropic = (): Promise<WireServer> => startWire(wire);
