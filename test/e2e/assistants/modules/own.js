import { defineAssistant } from 'chatkit-relay/assistants';

const forever = () => new Promise(() => {});
const say = (ctx, text) => ({
  type: 'thread.item.done',
  item: ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] }),
});
const beginMessage = (ctx, text) => ({
  type: 'thread.item.added',
  item: ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] }),
});

/** What to do is the message's first word. */
const PLAYS = {
  async *invalid(ctx) {
    yield say(ctx, 'Before.');
    yield { type: 'thread.item.done', item: { type: 'assistant_message', content: 'no list' } };
  },
  async *foreign(ctx) {
    const { item, ...event } = say(ctx, 'Elsewhere.');
    yield { ...event, item: { ...item, thread_id: 'thr_other' } };
  },
  async *never(ctx) {
    yield beginMessage(ctx, 'So far');
    await forever();
  },
  // Its `onCancelled` never comes back either.
  async *hang(ctx) {
    yield beginMessage(ctx, 'So far, hang');
    await forever();
  },
  async *generate(ctx) {
    const { text } = await ctx.generate({ instructions: 'Translate.', prompt: 'Haus', settings: { temperature: 0 } });
    yield say(ctx, `It says: ${text}`);
  },
  async *headers(ctx) {
    yield say(ctx, JSON.stringify(ctx.headers));
  },
  async *leave(ctx) {
    for await (const event of ctx.answer()) {
      yield event;
      if (event.type === 'thread.item.done') break;
    }
    yield say(ctx, 'Enough.');
  },
  async *rescue(ctx) {
    try {
      yield* ctx.answer();
    } catch {
      yield say(ctx, 'The model is away.');
    }
  },
  // Nothing here is waited for, and all of it fails.
  async *careless(ctx) {
    ctx.emit({ type: 'nonsense' });
    ctx.workflow.updateTask(7, { type: 'custom' });
    ctx.widget({ children: [] });
    await ctx.progress('Careless …');
    ctx.signal.addEventListener('abort', () => void ctx.progress('Too late'));
    yield beginMessage(ctx, 'So far');
    await forever();
  },
};

export default defineAssistant({
  async *respond(ctx, { userMessage }) {
    const [play] = userMessage.content[0].text.split(' ');
    yield* PLAYS[play](ctx);
  },
  async onCancelled(ctx, unfinished) {
    const text = unfinished[0]?.content[0].text;
    if (text?.endsWith('hang')) await forever();
    return unfinished.map((item) => ({
      ...item,
      content: [{ type: 'output_text', text: `${text} (stopped)`, annotations: [] }],
    }));
  },
});
