import { defineAssistant } from 'chatkit-relay/assistants';

const message = (ctx, text, dated) =>
  ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }], ...dated });

/** Chooses the times of its items, but for the last one, which says what times it has read. */
export default defineAssistant({
  async *respond(ctx, { items }) {
    yield { type: 'thread.item.done', item: message(ctx, 'long ago', { created_at: '2020-02-29T12:00:00.000001Z' }) };
    await ctx.store.saveItem(message(ctx, 'saved', { created_at: '2021-01-01T00:00:00.654321Z' }));
    const times = items.map(({ created_at }) => created_at);
    const { created_at } = await ctx.store.loadItem(ctx.thread.id, items.at(-1).id);
    yield { type: 'thread.item.done', item: message(ctx, JSON.stringify([...times, created_at])) };
  },
});
