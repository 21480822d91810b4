import { messagesOf, startWire, USAGE, type Wire, type WireServer } from './wire.js';

/** https://docs.ollama.com/api/chat: one JSON object a line. */
const wire: Wire = {
  path: '/api/chat',
  list: { models: [{ name: 'llama-test' }] },
  heard: messagesOf,
  answer(response, pieces) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const line = (content: string, more: object) =>
      response.write(`${JSON.stringify({ model: 'llama-test', message: { role: 'assistant', content }, ...more })}\n`);
    for (const piece of pieces) line(piece, { done: false });
    line('', { done: true, done_reason: 'stop', prompt_eval_count: USAGE.input, eval_count: USAGE.output });
    response.end();
  },
};

export const startOllama = (): Promise<WireServer> => startWire(wire);
