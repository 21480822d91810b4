import { defineAssistant } from 'chatkit-relay/assistants';

const text = (words) => ({ type: 'text', text: words });

export default defineAssistant({
  input: {
    tag: ({ id, text: name }) => text(`${name} is number ${id}`),
    hiddenContext: ({ content }) => [{ role: 'user', content: [text(`Psst: ${content}`)] }],
  },
  async action(ctx, { payload }) {
    await ctx.hiddenContext(payload.secret);
  },
  async onFeedback(ctx, { threadId, itemIds, kind }) {
    await ctx.store.updateThread(threadId, { metadata: { kind, itemIds } });
  },
  async transcribe(ctx, { bytes, mediaType, mimeType }) {
    ctx.log.info('listening');
    return `${bytes.byteLength} bytes of ${mediaType}, that is ${mimeType}`;
  },
});
