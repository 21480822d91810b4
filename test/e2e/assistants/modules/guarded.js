import { defineAssistant } from 'chatkit-relay/assistants';

const polite = {
  name: 'polite',
  async check(ctx, text) {
    if (!text.includes('rude')) return false;
    // The model is at work by now.
    await ctx.progress('Reading …');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { tripped: true, message: 'Please stay polite.' };
  },
};

const discreet = { name: 'discreet', check: (_ctx, text) => text.includes('SECRET') };

export default defineAssistant({
  guardrails: { input: [polite], output: [discreet] },
  // One message through own code, everything else by the built-in answer.
  async *respond(ctx, { userMessage }) {
    if (userMessage?.content[0].text.startsWith('Own')) await ctx.widget({ type: 'Card', children: [] });
    yield* ctx.answer();
  },
});
