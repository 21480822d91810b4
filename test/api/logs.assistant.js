import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const textOf = (message) => message.content.map((part) => part.text).join('');

/** Fails at every place that an assistant has, each time with what the person wrote. */
export default defineAssistant({
  model: 'tools/t',
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
