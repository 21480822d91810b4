import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineAssistant } from 'chatkit-relay/assistants';
import { MARKDOWN, HOSTILE, picture } from './texts.js';

const page = (title, url, more) => ({ type: 'url', title, url, ...more });
const STREAMS = page('Redis Streams', 'https://redis.io/docs/latest/develop/data-types/streams/', {
  attribution: 'redis.io',
  timestamp: '2026-05-04T10:00:00Z',
  description: 'A log that many readers follow',
});
const QUEUES = page('What a queue is for', 'https://www.example.com/queues');

const message = (ctx, text, annotations = []) => ({
  type: 'thread.item.done',
  item: ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations }] }),
});

/** Goes on once the test has made the file that the message names. */
async function gate(ctx, path) {
  while (!existsSync(path)) await sleep(50, undefined, { signal: ctx.signal });
}

const SCENES = {
  async *thinks(ctx, path) {
    await ctx.workflow.start({ type: 'reasoning', tasks: [] });
    await ctx.workflow.addTask({ type: 'thought', content: 'The person wants to know about **queues**.' });
    await gate(ctx, path);
    await ctx.workflow.addTask({ type: 'thought', title: 'Compare', content: 'A log keeps its entries.' });
    yield message(ctx, 'A queue hands out work; a log keeps it.');
  },

  async *works(ctx, path) {
    await ctx.workflow.addTask({
      type: 'web_search',
      title: 'Searched the web',
      queries: ['queue versus log', 'redis streams'],
      sources: [STREAMS, QUEUES],
      status_indicator: 'complete',
    });
    await ctx.workflow.addTask({
      type: 'file',
      title: 'Read the handbook',
      sources: [{ type: 'file', title: 'Handbook', filename: 'handbook.pdf' }],
      status_indicator: 'complete',
    });
    await ctx.workflow.addTask({ type: 'image', title: 'Draw the figure', status_indicator: 'complete' });
    const last = { type: 'custom', title: 'Compare both', icon: 'chart', content: 'Delivery, *order*, replay.' };
    await ctx.workflow.addTask({ ...last, status_indicator: 'loading' });
    await gate(ctx, path);
    await ctx.workflow.updateTask(3, { ...last, status_indicator: 'complete' });
    await ctx.workflow.end({ summary: { title: 'Compared queues and logs' } });
    const task = { type: 'custom', title: 'Sent the comparison by mail', status_indicator: 'complete' };
    yield { type: 'thread.item.done', item: ctx.item({ type: 'task', task }) };
    yield message(ctx, 'Here is the comparison.');
  },

  async *cites(ctx) {
    const text = 'A queue hands work out once [see below]. A log keeps every entry. The handbook agrees.';
    const at = (words, source) => ({ type: 'annotation', source, index: text.indexOf(words) + words.length });
    yield message(ctx, text, [
      at('below].', QUEUES),
      at('entry.', STREAMS),
      at('entry.', QUEUES),
      at('agrees.', { type: 'file', title: 'Handbook', filename: 'handbook.pdf' }),
      { type: 'annotation', source: { type: 'entity', id: 'ticket_7', title: 'Ticket 7', icon: 'bug' } },
    ]);
  },

  async *draws(ctx, path) {
    const item = ctx.item({ type: 'generated_image' });
    yield { type: 'thread.item.added', item };
    const image = { id: 'ig_1', url: picture('#b9c7c1') };
    const update = { type: 'generated_image.updated', image, progress: 0.5 };
    yield { type: 'thread.item.updated', item_id: item.id, update };
    await gate(ctx, path);
    yield { type: 'thread.item.done', item: { ...item, image: { id: 'ig_1', url: picture('#12705f') } } };
    yield message(ctx, 'There it is.');
  },

  async *writes(ctx) {
    yield message(ctx, MARKDOWN);
  },

  async *streams(ctx) {
    const item = ctx.item({ type: 'assistant_message', content: [] });
    yield { type: 'thread.item.added', item };
    for (const delta of MARKDOWN.match(/[^]{1,12}/g)) {
      const type = 'assistant_message.content_part.text_delta';
      yield { type: 'thread.item.updated', item_id: item.id, update: { type, content_index: 0, delta } };
      await sleep(2);
    }
    const content = [{ type: 'output_text', text: MARKDOWN, annotations: [] }];
    yield { type: 'thread.item.done', item: { ...item, content } };
  },

  async *attacks(ctx) {
    for (const text of HOSTILE) yield message(ctx, text);
    yield message(ctx, 'All of it was shown.');
  },
};

/** Plays the scene that the message names. */
export default defineAssistant({
  async *respond(ctx, { items }) {
    const question = items.findLast(({ type }) => type === 'user_message');
    const [scene, path] = question.content[0].text.split(' ');
    yield* SCENES[scene](ctx, path);
  },
});
