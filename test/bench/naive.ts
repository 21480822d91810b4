// The server with a queue that people write first: the API adds a job and subscribes to a channel of its own, the worker calls the
// provider with the SDK and publishes each delta as JSON, and stores question and answer at the end. Nothing of it survives
// a crash. Arguments: api or worker, and the addresses of provider, Redis and Postgres.
import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import OpenAI from 'openai-latest';
import pg from 'pg';
import { askedIn, type ChatBody, newItem, newThreadId, outputText, preamble, SSE_HEAD } from './chat-events.js';

interface Job {
  readonly threadId: string;
  readonly model: string;
  readonly text: string;
}

const QUEUE = 'answers';
/** More than any scenario has readers. */
const CONCURRENCY = 5_000;
const [, , role, providerUrl, redisUrl = '', databaseUrl] = process.argv;
const connect = (): Redis => new Redis(redisUrl, { maxRetriesPerRequest: null });
const channelOf = (threadId: string): string => `answer:${threadId}`;

async function api(): Promise<string> {
  const queue = new Queue<Job>(QUEUE, { connection: connect() });
  const subscriber = connect();
  const listeners = new Map<string, (event: string) => void>();
  subscriber.on('message', (channel: string, event: string) => listeners.get(channel)?.(event));
  const app = Fastify();
  app.post<{ Body: ChatBody }>('/chatkit', async ({ body }, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, SSE_HEAD);
    const { text, model } = askedIn(body);
    const threadId = newThreadId();
    const send = (event: string) => raw.write(`data: ${event}\n\n`);
    const ended = new Promise<void>((resolve) =>
      listeners.set(channelOf(threadId), (event) => (event === 'end' ? resolve() : send(event))),
    );
    await subscriber.subscribe(channelOf(threadId));
    for (const event of preamble(threadId, text)) send(JSON.stringify(event));
    await queue.add('answer', { threadId, text, model }, KEEP_NONE);
    await Promise.race([ended, once(raw, 'close')]);
    listeners.delete(channelOf(threadId));
    await subscriber.unsubscribe(channelOf(threadId));
    raw.end();
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

const KEEP_NONE = { removeOnComplete: true, removeOnFail: true };

async function worker(): Promise<void> {
  const openai = new OpenAI({ baseURL: providerUrl, apiKey: 'none', maxRetries: 0 });
  const publisher = connect();
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await pool.query('CREATE TABLE messages (id bigserial PRIMARY KEY, thread_id text, role text, content text)');
  await pool.query('CREATE INDEX ON messages (thread_id)');

  async function answer({ threadId, model, text }: Job): Promise<void> {
    const send = (event: object) => publisher.publish(channelOf(threadId), JSON.stringify(event));
    const messages = [{ role: 'user', content: text }] as const;
    const stream = await openai.chat.completions.create({ model, stream: true, messages: [...messages] });
    const message = newItem(threadId, 'assistant_message');
    const update = (fields: object) => send({ type: 'thread.item.updated', item_id: message.id, update: fields });
    await send({ type: 'thread.item.added', item: message });
    await update({ type: 'assistant_message.content_part.added', content_index: 0, content: outputText('') });
    let whole = '';
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content;
      if (!delta) continue;
      whole += delta;
      void update({ type: 'assistant_message.content_part.text_delta', content_index: 0, delta });
    }
    await pool.query(`INSERT INTO messages (thread_id, role, content) VALUES ($1, 'user', $2), ($1, 'assistant', $3)`, [
      threadId,
      text,
      whole,
    ]);
    await update({ type: 'assistant_message.content_part.done', content_index: 0, content: outputText(whole) });
    await send({ type: 'thread.item.done', item: { ...message, content: [outputText(whole)] } });
    await publisher.publish(channelOf(threadId), 'end');
  }

  const jobs = new Worker<Job>(QUEUE, (job) => answer(job.data), { connection: connect(), concurrency: CONCURRENCY });
  jobs.on('error', (error) => console.error(error));
  await jobs.waitUntilReady();
}

process.on('disconnect', () => process.exit());
process.send?.({ type: 'ready', url: await (role === 'api' ? api() : worker()) });
