import { clientTool, defineAssistant, z } from 'chatkit-relay/assistants';

const say = (ctx, text) => ({
  type: 'thread.item.done',
  item: ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] }),
});

const button = (label, type, more = {}) => ({ type: 'Button', label, onClickAction: { type, ...more } });

const CARD = {
  type: 'Card',
  children: [
    { type: 'Text', value: 'A card' },
    button('Again', 'count', { payload: { by: 2 } }),
    button('Save', 'save', { streaming: false }),
    button('Dark', 'set_theme', { payload: { theme: 'dark' }, handler: 'client' }),
    button('Own', 'own', { payload: { x: 1 }, handler: 'client' }),
  ],
};

/** Does what the first word of the message says. */
const PLAYS = {
  async *widget(ctx) {
    await ctx.widget(CARD);
    yield say(ctx, 'Here it is.');
  },
  async *tool(ctx, [name, ...args]) {
    await ctx.callClientTool(name, JSON.parse(args.join(' ') || '{}'));
    yield* [];
  },
  async *effect(ctx, [name, ...args]) {
    await ctx.effect(name, JSON.parse(args.join(' ')));
    yield say(ctx, 'Done.');
  },
  async *fail() {
    yield* [];
    throw new Error('no reason');
  },
  async *choice(ctx) {
    yield say(ctx, JSON.stringify({ choice: ctx.choice, locale: ctx.locale }));
  },
};

export default defineAssistant({
  name: 'Everything',
  greeting: 'What shall it be?',
  placeholder: 'One word',
  disclaimer: 'It is **a test**.',
  prompts: [{ label: 'A widget', prompt: 'widget', icon: 'cube' }],
  composerTools: [{ id: 'search', label: 'Search', icon: 'search', pinned: true, persistent: true }],
  tools: [clientTool({ name: 'set_theme', description: 'Colours.', parameters: z.object({}) })],

  async *respond(ctx, { items, userMessage }) {
    const last = items.at(-1);
    if (last?.type === 'client_tool_call') yield say(ctx, `The page says ${JSON.stringify(last.output)}`);
    else {
      const [play, ...args] = userMessage.content
        .map(({ text }) => text)
        .join(' ')
        .split(' ');
      if (PLAYS[play]) yield* PLAYS[play](ctx, args);
      else yield* ctx.answer();
    }
  },
  async *action(ctx, { type, payload }, sender) {
    if (type === 'count') {
      const widget = { type: 'Card', children: [{ type: 'Text', value: `${payload.by} more` }] };
      yield { type: 'thread.item.replaced', item: { ...sender, widget } };
    } else yield say(ctx, `${type} ${JSON.stringify(payload)}`);
  },
  async syncAction(ctx, { type }, { item }) {
    const saved = { ...item, widget: { type: 'Card', children: [{ type: 'Text', value: `${type}d` }] } };
    await ctx.store.saveItem(saved);
    return saved;
  },
  transcribe: (_ctx, { mimeType }) => `Heard ${mimeType}`,
});
