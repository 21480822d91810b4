// chatkit-node-backend-sdk on Express, with a store in memory. Copied beside what `npm install` puts there (../npm.ts).
// Argument: the address of the provider.
import { ChatKitServer, Store } from 'chatkit-node-backend-sdk';
import express from 'express';
import OpenAI from 'openai';

// It prints every request, which costs more than it does with it.
console.log = () => undefined;

class MemoryStore extends Store {
  threads = new Map();
  items = new Map();

  async loadThread(id) {
    const thread = this.threads.get(id);
    if (!thread) throw new Error(`no thread ${id}`);
    return thread;
  }
  async saveThread(thread) {
    this.threads.set(thread.id, thread);
    if (!this.items.has(thread.id)) this.items.set(thread.id, []);
  }
  async deleteThread(id) {
    this.threads.delete(id);
    this.items.delete(id);
  }
  async loadThreads(limit) {
    return { data: [...this.threads.values()].slice(-limit), has_more: this.threads.size > limit, after: null };
  }
  async loadThreadItems(id, _after, limit, order) {
    const items = this.items.get(id) ?? [];
    const sorted = order === 'desc' ? items.toReversed() : items;
    return { data: sorted.slice(0, limit), has_more: items.length > limit, after: null };
  }
  async addThreadItem(id, item) {
    this.items.get(id).push(item);
  }
  async saveItem(id, item) {
    const items = this.items.get(id);
    const place = items.findIndex((one) => one.id === item.id);
    if (place < 0) items.push(item);
    else items[place] = item;
  }
  async loadItem(id, itemId) {
    return this.items.get(id).find((one) => one.id === itemId);
  }
  async deleteThreadItem(id, itemId) {
    this.items.set(
      id,
      this.items.get(id).filter((one) => one.id !== itemId),
    );
  }
  async saveAttachment() {}
  async loadAttachment() {
    throw new Error('no attachments');
  }
  async deleteAttachment() {}
}

const openai = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const outputText = (text) => ({ type: 'output_text', text, annotations: [] });

class Server extends ChatKitServer {
  async *respond(thread, message, context) {
    const stream = await openai.chat.completions.create({
      model: message.inference_options.model.slice('openai/'.length),
      stream: true,
      messages: [{ role: 'user', content: message.content.map((part) => part.text).join('') }],
    });
    const id = this.store.generateItemId('message', thread, context);
    const item = { id, thread_id: thread.id, created_at: new Date(), type: 'assistant_message', content: [] };
    const update = (fields) => ({ type: 'thread.item.updated', item_id: id, update: { content_index: 0, ...fields } });
    yield { type: 'thread.item.added', item };
    yield update({ type: 'assistant_message.content_part.added', content: outputText('') });
    let whole = '';
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content;
      if (!delta) continue;
      whole += delta;
      yield update({ type: 'assistant_message.content_part.text_delta', delta });
    }
    yield update({ type: 'assistant_message.content_part.done', content: outputText(whole) });
    yield { type: 'thread.item.done', item: { ...item, content: [outputText(whole)] } };
  }
}

const quiet = { info() {}, warn() {}, error: console.error, debug() {} };
const server = new Server(new MemoryStore(), undefined, quiet);
const app = express();
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 waits for what a handler returns
app.post('/chatkit', express.text({ type: '*/*', limit: '1mb' }), async (req, res) => {
  const result = await server.process(req.body, { userId: req.get('x-bench-user') });
  if (!result.isStreaming) return void res.json(result.toJSON());
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for await (const chunk of result) res.write(chunk);
  res.end();
});

process.on('disconnect', () => process.exit());
const listener = app.listen(0, '127.0.0.1', () =>
  process.send({ type: 'ready', url: `http://127.0.0.1:${listener.address().port}` }),
);
