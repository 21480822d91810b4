import { defineAssistant, type ThreadStreamEvent, tool, type TurnContext, z } from 'chatkit-relay/assistants';

const order = tool({
  name: 'order',
  description: 'The state of an order.',
  parameters: z.object({ id: z.string() }),
  run: async ({ id }, ctx) => {
    await ctx.progress(`Looking for ${id} …`);
    const { data } = await ctx.store.loadThreads({ limit: 5 });
    return { id, threads: data.map(({ title }) => title ?? 'untitled') };
  },
});
export const assistant = defineAssistant({
  tools: [order],
  async *respond(ctx: TurnContext): AsyncGenerator<ThreadStreamEvent> {
    yield* ctx.answer();
  },
});
