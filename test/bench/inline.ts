// The baseline that the product is measured against: one process that calls the provider in the request handler, with
// the vendor's SDK, and writes ChatKit's events as they come. No queue, no database, no second reader, no recovery.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import Fastify from 'fastify';
import OpenAI from 'openai-latest';
import { askedIn, type ChatBody, newItem, newThreadId, outputText, preamble, SSE_HEAD } from './chat-events.js';

const openai = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const app = Fastify();

app.post<{ Body: ChatBody }>('/chatkit', async ({ body }, reply) => {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, SSE_HEAD);
  const { text, model } = askedIn(body);
  const threadId = newThreadId();
  for (const event of preamble(threadId, text)) await send(raw, event);
  await answer(raw, threadId, model, text);
  raw.end();
});

async function answer(raw: ServerResponse, threadId: string, model: string, text: string): Promise<void> {
  const stream = await openai.chat.completions.create({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: text }],
  });
  const message = newItem(threadId, 'assistant_message');
  const update = (fields: object) => send(raw, { type: 'thread.item.updated', item_id: message.id, update: fields });
  await send(raw, { type: 'thread.item.added', item: message });
  await update({ type: 'assistant_message.content_part.added', content_index: 0, content: outputText('') });
  let whole = '';
  for await (const chunk of stream) {
    const delta = chunk.choices[0]?.delta.content;
    if (!delta) continue;
    whole += delta;
    await update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta });
  }
  await update({ type: 'assistant_message.content_part.done', content_index: 0, content: outputText(whole) });
  await send(raw, { type: 'thread.item.done', item: { ...message, content: [outputText(whole)] } });
}

/** Waits only when the reader is slower than we are. */
function send(raw: ServerResponse, event: object): Promise<unknown> | undefined {
  return raw.write(`data: ${JSON.stringify(event)}\n\n`) ? undefined : once(raw, 'drain');
}

process.on('disconnect', () => process.exit());
const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ type: 'ready', url });
