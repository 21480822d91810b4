import { setTimeout as sleep } from 'node:timers/promises';
import { defineAssistant, tool, z } from 'chatkit-relay/assistants';

export default defineAssistant({
  tools: [
    tool({
      name: 'rest',
      description: 'Sleeps for a minute, or until the run is stopped.',
      parameters: z.object({}),
      retrySafe: true,
      async run(_args, ctx) {
        await ctx.progress('Resting …');
        await sleep(60_000, undefined, { signal: ctx.signal });
        return 'rested';
      },
    }),
  ],
});
