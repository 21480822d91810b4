import { defineAssistant, type ThreadStreamEvent, tool, type TurnContext, z } from 'chatkit-relay/assistants';
import { testAssistant, type TestTurn } from 'chatkit-relay/assistants/testing';
import { defineProvider, type StreamPart } from 'chatkit-relay/providers';
import { conformance } from 'chatkit-relay/providers/testing';

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
const assistant = defineAssistant({
  tools: [order],
  async *respond(ctx: TurnContext): AsyncGenerator<ThreadStreamEvent> {
    // @ts-expect-error: progress needs a text
    await ctx.progress();
    yield* ctx.answer();
  },
});
export const provider = defineProvider({
  name: 'Mine',
  defaultModel: 'm',
  async *stream(call): AsyncGenerator<StreamPart> {
    yield { type: 'text-start', id: String(call.prompt.length) };
  },
});
conformance('mine', () => provider.create({ id: 'mine' }).model('m'));
const turn: TestTurn = await testAssistant(assistant, { model: ['Hello'] }).send('Hi');
export const text: string = turn.text;
