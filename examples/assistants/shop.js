import { clientTool, defineAssistant, tool, z } from 'chatkit-relay/assistants';

const PRICES = { rose: 4, tulip: 2 };

/** The page runs this tool, in its `onClientTool`. */
const basket = clientTool({
  name: 'read_basket',
  description: 'What is in the basket on the page now.',
  parameters: z.object({}),
});

const card = (flower, count) => ({
  type: 'Card',
  children: [
    { type: 'Title', value: flower },
    { type: 'Text', id: 'total', value: `${count} for ${count * PRICES[flower]} €` },
    {
      type: 'Button',
      label: 'One more',
      onClickAction: { type: 'shop.add', payload: { flower, count: count + 1 } },
    },
    {
      type: 'Button',
      label: 'Save for later',
      // Answered with JSON, even while an answer is streaming.
      onClickAction: { type: 'shop.save', payload: { flower }, streaming: false },
    },
  ],
});

const offer = tool({
  name: 'offer_flower',
  description: 'Shows an offer that the user can click.',
  parameters: z.object({ flower: z.enum(['rose', 'tulip']) }),
  retrySafe: true,
  async run({ flower }, ctx) {
    await ctx.widget(card(flower, 1), { copyText: `${flower}: ${PRICES[flower]} €` });
    return 'The offer is on the screen.';
  },
});

/** A payload comes from a browser: validate it like any other input. */
const Clicked = z.object({ flower: z.enum(['rose', 'tulip']), count: z.int().min(1).max(99).default(1) });

export default defineAssistant({
  instructions: 'You sell flowers. Offer one when somebody asks for it; read the basket before you speak about it.',
  tools: [basket, offer],

  async *action(ctx, { type, payload }, sender) {
    if (type !== 'shop.add' || !sender) return;
    const { flower, count } = Clicked.parse(payload);
    yield { type: 'thread.item.replaced', item: { ...sender, widget: card(flower, count) } };
    await ctx.hiddenContext(`The user has put ${count} × ${flower} into the basket.`);
    await ctx.effect('basket_changed', { flower, count });
  },

  async syncAction(ctx, { type, payload }, { item }) {
    if (type !== 'shop.save' || !item) return undefined;
    const { flower } = Clicked.parse(payload);
    const saved = { ...item, widget: { type: 'Card', children: [{ type: 'Text', value: `${flower}: saved` }] } };
    // A sync action stores nothing automatically: without this the old card is back after a reload.
    await ctx.store.saveItem(saved);
    return saved;
  },
});
