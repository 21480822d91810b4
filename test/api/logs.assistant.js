import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const textOf = (message) => message.content.map((part) => part.text).join('');

/** Fails at every place that an assistant has, each time with what the person wrote. */
export default defineAssistant({
  model: 'tools/t',
  async syncAction(ctx, { payload }, { threadId }) {
    const { data } = await ctx.store.loadItems(threadId);
    throw new Error(`no ${payload.wish} for ${JSON.stringify(data)}`);
  },
  async onFeedback(ctx) {
    const { text } = await ctx.generate({ model: 'words/w', prompt: 'What does the person think?' });
    throw new Error(`not good: ${text}`);
  },
  transcribe(ctx, { bytes }) {
    throw new RangeError(`cannot understand: ${Buffer.from(bytes)}`);
  },
  title(ctx, message) {
    throw new Error(`no title for: ${textOf(message)}`);
  },
  tools: [
    tool({
      name: 'look_up',
      description: 'Fails.',
      parameters: z.object({ of: z.string() }),
      retrySafe: true,
      run: ({ of }) => {
        throw new Error(`nothing is known of: ${of}`);
      },
    }),
  ],
  async *respond(ctx, input) {
    yield* ctx.answer();
    const text = textOf(input.userMessage);
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new Error(`the answer to "${text}" is no JSON (${cause.message})`, { cause });
    }
  },
});
