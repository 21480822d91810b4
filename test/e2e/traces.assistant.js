import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

const look_up = tool({
  name: 'look_up',
  description: 'Looks something up.',
  parameters: z.object({ about: z.string() }),
  retrySafe: true,
  run: ({ about }) => `All about ${about}.`,
});

export default defineAssistant({
  instructions: 'Look it up.',
  tools: [look_up],
  async onFeedback(ctx) {
    await ctx.generate({ prompt: 'What was wrong?' });
  },
});
