import { defineAssistant } from 'chatkit-relay/assistants';

export default defineAssistant({
  /** Comes when the thread's metadata says so. */
  async title(ctx, { thread_id: threadId }) {
    while (!(await ctx.store.loadThread(threadId)).metadata.go) await new Promise((resolve) => setTimeout(resolve, 50));
    return 'The late title';
  },
});
