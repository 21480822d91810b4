import { existsSync } from 'node:fs';
import { CustomStreamError, defineAssistant } from 'chatkit-relay/assistants';

/** What the page is shown, by the first word of a message. */
const SCENES = {
  async show(ctx, name) {
    await ctx.widget(WIDGETS[name]);
  },
  async grow(ctx) {
    await ctx.widget(growing(), { copyText: 'A poem' });
  },
  async form(ctx) {
    await ctx.ask([
      {
        type: 'multiple_choice',
        id: 'size',
        question: 'Which size?',
        options: [{ value: 'Small' }, { value: 'Large' }],
      },
      {
        type: 'multiple_choice',
        id: 'extras',
        question: 'Anything with it?',
        options: [{ value: 'Sugar' }, { value: 'Milk' }],
        multiple: true,
      },
      { type: 'freeform', id: 'note', question: 'Anything else?', description: 'For the person at the counter.' },
    ]);
  },
  async tool(ctx, call) {
    const [name, given = '{}'] = call.split(' ');
    await ctx.callClientTool(name, JSON.parse(given));
  },
  async effect(ctx, call) {
    const [name, data = '{}'] = call.split(' ');
    await ctx.effect(name, JSON.parse(data));
  },
};

const order = (more = {}) => ({
  type: 'Card',
  asForm: true,
  status: { text: 'Order 17', icon: 'suitcase' },
  confirm: { label: 'Order', action: { type: 'order', payload: { id: 17 } } },
  cancel: { label: 'Not now', action: { type: 'quiet' } },
  children: [
    { type: 'Label', value: 'Name', fieldName: 'person.name' },
    { type: 'Input', name: 'person.name', required: true },
    { type: 'Select', name: 'cup', placeholder: 'Cup', searchable: true, options: cups },
    { type: 'DatePicker', name: 'day', placeholder: 'Day', defaultValue: '2026-11-30', min: '2026-11-10' },
    { type: 'Checkbox', name: 'paid', label: 'Paid' },
    { type: 'RadioGroup', name: 'place', ariaLabel: 'Place', options: [option('here'), option('away')] },
  ],
  ...more,
});
const option = (value) => ({ value, label: value[0].toUpperCase() + value.slice(1) });
const cups = [option('espresso'), option('mug'), { ...option('thermos'), disabled: true }];
const button = (label, type, more = {}) => ({ type: 'Button', label, onClickAction: { type, ...more } });

const WIDGETS = {
  order: order(),
  buttons: {
    type: 'Card',
    children: [
      {
        type: 'Row',
        wrap: 'wrap',
        children: [button('Slow', 'slow'), button('Hold', 'slow', { loadingBehavior: 'container' })],
      },
      button('Now', 'now', { streaming: false }),
      button('Refuse', 'refuse', { streaming: false }),
      button('Fail', 'fail'),
      button('Elsewhere', 'elsewhere', { handler: 'client' }),
      { type: 'Checkbox', name: 'light', label: 'Light', onChangeAction: { type: 'change', payload: { from: 'box' } } },
    ],
  },
  list: {
    type: 'ListView',
    limit: 2,
    children: ['Ada', 'Grace', 'Edsger'].map((name) => ({
      type: 'ListViewItem',
      onClickAction: { type: 'pick', payload: { name } },
      children: [{ type: 'Text', value: name }],
    })),
  },
  elsewhere: {
    type: 'Card',
    children: [
      { type: 'Image', src: 'https://images.example.com/cat.png', alt: 'A cat', width: 160, height: 90 },
      { type: 'Markdown', value: '![pixel](https://images.example.com/pixel.png) [site](https://example.com)' },
      { type: 'Carousel', children: [{ type: 'Text', value: 'A slide' }] },
    ],
  },
};

async function* growing() {
  for (const value of ['Roses', 'Roses are red']) {
    yield { type: 'Card', children: [{ type: 'Text', id: 'poem', value, streaming: true }] };
  }
  await goesOn();
  yield {
    type: 'Card',
    children: [
      { type: 'Title', value: 'A poem' },
      { type: 'Text', id: 'poem', value: 'Roses are red.' },
    ],
  };
}

const say = (ctx, text) => ({
  type: 'thread.item.done',
  item: ctx.item({ type: 'assistant_message', content: [{ type: 'output_text', text, annotations: [] }] }),
});
const replaced = (sender, text) => ({
  type: 'thread.item.replaced',
  item: { ...sender, widget: { type: 'Card', children: [{ type: 'Text', value: text }] } },
});
/** The test lets a widget go on when it has seen its beginning. */
const goesOn = async () => {
  // oxlint-disable-next-line node/no-process-env -- the test names the file
  const sign = process.env.WIDGET_SIGN;
  // oxlint-disable-next-line no-await-in-loop -- waiting is all that it does
  for (let waits = 0; waits < 400 && !existsSync(sign); waits += 1) await pause(50);
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export default defineAssistant({
  async *respond(ctx, { items }) {
    const last = items.at(-1);
    if (last.type === 'client_tool_call') return yield say(ctx, `The page says ${JSON.stringify(last.output)}`);
    if (last.type === 'structured_input') {
      const answers = last.inputs.map(({ id, answer }) => `${id}=${answer?.skipped ? '-' : answer?.values.join('+')}`);
      return yield say(ctx, `Form ${last.status}: ${answers.join(', ')}`);
    }
    const [scene, ...rest] = last.content
      .map(({ text }) => text)
      .join('')
      .split(' ');
    await SCENES[scene](ctx, rest.join(' '));
  },

  async *action(ctx, { type, payload }, sender) {
    if (type === 'order') yield replaced(sender, `Ordered ${JSON.stringify(payload)}`);
    else if (type === 'pick') yield say(ctx, `Picked ${payload.name}`);
    else if (type === 'change') yield say(ctx, `Changed ${JSON.stringify(payload)}`);
    else if (type === 'fail') throw new CustomStreamError('The shop is closed.', false);
    else if (type === 'slow') {
      await pause(1_500);
      yield say(ctx, 'Slowly done');
    }
  },

  async syncAction(_ctx, { type }, { item }) {
    if (type === 'refuse') throw new Error('no');
    return { ...item, widget: { type: 'Card', children: [{ type: 'Text', value: 'Done at once' }] } };
  },
});
