import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const THREAD = { id: 'thr_1', created_at: '2026-01-01T00:00:00Z', title: 'A title', status: { type: 'active' } };
const message = (words: string) => ({
  id: 'msg_2',
  type: 'assistant_message',
  created_at: THREAD.created_at,
  content: words === '' ? [] : [{ type: 'output_text', text: words, annotations: [] }],
});
const update = (fields: object) => ({ type: 'thread.item.updated', item_id: 'msg_2', update: fields });
const PART = { type: 'output_text', text: '', annotations: [] };

/** What the protocol has, and nothing of ours: no runs, no models, no `/config`, an endpoint elsewhere. */
const ANSWER = [
  { type: 'thread.created', thread: THREAD },
  { type: 'thread.item.added', item: message('') },
  update({ type: 'assistant_message.content_part.added', content_index: 0, content: PART }),
  update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta: 'Good \u001B]0;evil\u0007' }),
  update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta: 'day' }),
  { type: 'thread.item.done', item: message('Good \u001B]0;evil\u0007day') },
];

/** The beginning of an answer that goes on until its reader has left. */
const ENDLESS = ANSWER.slice(0, 4);

interface Asked {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** `Accept-Language`. */
  readonly language: string | undefined;
}

/** A ChatKit server of somebody else, which wants a token. */
export async function startForeignServer() {
  const asked: Asked[] = [];
  let closed = 0;
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, isStream, isEndless }) => {
      response.writeHead(status, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      if (!isEndless) return response.end(body);
      response.on('close', () => closed++);
      return response.write(body);
    });
  });
  async function answer(request: IncomingMessage) {
    const body = await text(request);
    if (request.url !== '/support/chatkit') return { status: 404, body: 'Not Found' };
    if (request.headers.authorization !== 'Bearer secret') return { status: 401, body: '{}' };
    const call = JSON.parse(body) as Asked;
    asked.push({ ...call, language: request.headers['accept-language'] });
    if (call.type === 'threads.list') return { status: 200, body: JSON.stringify({ data: [THREAD], has_more: false }) };
    if (call.type === 'items.feedback') return { status: 200, body: '{}' };
    if (call.type === 'input.transcribe') return { status: 200, body: '{"text": "What was said"}' };
    const isEndless = body.includes('Go on');
    const events = isEndless ? ENDLESS : ANSWER;
    return {
      status: 200,
      isStream: true,
      isEndless,
      body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
    };
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/support/chatkit`,
    asked,
    /** Answers whose readers have left before their end. */
    left: () => closed,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
