import { defineAssistant } from 'chatkit-relay/assistants';

/** Calls again and again while there is time, at least once; says in which process it is. */
async function keepCalling(ctx, { model, words = '' }, until) {
  do await ctx.generate({ model, prompt: `${process.pid} ${words}` });
  while (Date.now() < until);
}

/** The message is JSON: `seconds` to go on for, and `callers` of a model side by side, each `count` times. */
export default defineAssistant({
  async *respond(ctx, { userMessage }) {
    const { seconds, callers } = JSON.parse(userMessage.content[0].text);
    const until = Date.now() + seconds * 1000;
    const all = callers.flatMap((caller) => Array.from({ length: caller.count }, () => caller));
    await Promise.all(all.map((caller) => keepCalling(ctx, caller, until)));
    const content = [{ type: 'output_text', text: 'Enough.', annotations: [] }];
    yield { type: 'thread.item.done', item: ctx.item({ type: 'assistant_message', content }) };
  },
});
