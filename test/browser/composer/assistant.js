import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  composerTools: [
    { id: 'web', label: 'Search the web', shortLabel: 'Web', icon: 'globe', pinned: true, persistent: true },
    { id: 'draw', label: 'Draw a picture', icon: 'images', placeholderOverride: 'What shall I draw?' },
    { id: 'deep', label: 'Think for longer', icon: 'lightbulb' },
  ],
  async transcribe(ctx, { bytes, mimeType }) {
    return `${bytes.byteLength > 1_000 ? 'a lot' : 'little'} of ${mimeType}`;
  },
  async *respond(ctx) {
    const { toolChoice } = ctx.choice;
    if (toolChoice) await ctx.notice({ level: 'info', message: `The tool is ${toolChoice}.` });
    yield* ctx.answer();
  },
});
