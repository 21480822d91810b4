import { CustomStreamError, type ItemOf, StreamError, type TurnContext, type TurnInput } from '#chatkit';
import type { Chapter } from './chapter.js';
import { type Events, pause, say } from './say.js';
import { GALLERY } from './gallery.js';
import { card, chart, form, introduction, list } from './widgets.js';

const INTRODUCTION = 'An assistant **draws** widgets: cards, lists, charts, tables and forms. This text grows in one.';

export const widgets: Chapter = {
  id: 'widgets',
  label: 'Widgets',
  prompt: 'Show me your widgets',
  icon: 'cube',
  async *show(ctx) {
    await ctx.widget(growing(ctx), { copyText: INTRODUCTION });
    await ctx.widget(card(0));
    await ctx.widget(list);
    await ctx.widget(chart);
    await ctx.widget(form);
    yield* say(ctx, 'Click what can be clicked.');
  },
};

export const gallery: Chapter = {
  id: 'gallery',
  label: 'All components',
  prompt: 'Show me every component of a widget',
  icon: 'square-image',
  async *show(ctx) {
    for (const widget of GALLERY) await ctx.widget(widget);
    yield* say(ctx, 'Each component of a widget that the protocol has.');
  },
};

async function* growing(ctx: TurnContext) {
  const words = INTRODUCTION.split(' ');
  for (let count = 1; count <= words.length; count++) {
    yield introduction(words.slice(0, count).join(' '));
    await pause(ctx, 40);
  }
}

export const questions: Chapter = {
  id: 'questions',
  label: 'Questions to you',
  prompt: 'Ask me something',
  icon: 'circle-question',
  async *show(ctx) {
    yield* say(ctx, 'Two questions, then I go on.');
    await ctx.ask([
      {
        type: 'multiple_choice',
        id: 'drink',
        question: 'Tea or coffee?',
        options: [{ value: 'Tea' }, { value: 'Coffee' }],
      },
      {
        type: 'multiple_choice',
        id: 'with',
        question: 'With what?',
        multiple: true,
        options: [{ value: 'Milk' }, { value: 'Sugar' }, { value: 'Lemon' }],
      },
      { type: 'freeform', id: 'why', question: 'Why?', description: 'In your own words.' },
    ]);
  },
};

/** After the user has answered a form, or skipped it. */
export async function* afterForm(ctx: TurnContext, { status, inputs }: ItemOf<'structured_input'>): Events {
  if (status === 'skipped') return yield* say(ctx, 'You have skipped the questions. That is fine, too.');
  const lines = inputs.map(({ question, answer }) => {
    const given = answer && !answer.skipped ? answer.values.join(', ') : '';
    return `- ${question} **${given || 'no answer'}**`;
  });
  return yield* say(ctx, `Thank you. You have answered:\n\n${lines.join('\n')}`);
}

/** The page's own tools that the tour calls, one for each time. */
const CLIENT_CALLS = [
  { name: 'get_page_context', args: {} },
  { name: 'set_theme', args: { theme: 'dark' } },
  { name: 'copy_to_clipboard', args: { text: 'Copied by the tour' } },
  { name: 'open_link', args: { url: 'https://example.com/' } },
] as const;

export const clientTools: Chapter = {
  id: 'page-tools',
  label: 'Tools of this page',
  prompt: 'Use a tool of this page',
  icon: 'desktop',
  async *show(ctx, { items }) {
    yield* say(ctx, 'I ask the page to do something, and wait for what it says.');
    const before = items.filter(({ type }) => type === 'client_tool_call').length;
    const call = CLIENT_CALLS[before % CLIENT_CALLS.length] ?? CLIENT_CALLS[0];
    ctx.callClientTool(call.name, call.args);
  },
};

const MAX_OUTPUT = 1_000;

/** After the page has answered a call of one of its tools. */
export async function* afterClientTool(ctx: TurnContext, { name, output }: ItemOf<'client_tool_call'>): Events {
  const said = JSON.stringify(output ?? null, undefined, 2).slice(0, MAX_OUTPUT);
  yield* say(
    ctx,
    `The page has run \`${name}\` and says:\n\n\`\`\`json\n${said}\n\`\`\`\n\nAsk again for another tool.`,
  );
}

export const signals: Chapter = {
  id: 'signals',
  label: 'Progress, notices, effects',
  prompt: 'Show progress, notices and an effect',
  icon: 'bolt',
  async *show(ctx) {
    await ctx.progress('This may take a moment …', 'clock');
    await pause(ctx, 800);
    await ctx.progress('Nearly there …', 'bolt');
    await pause(ctx, 800);
    await ctx.notice({ level: 'info', title: 'For your information', message: 'This is a notice.' });
    await ctx.notice({ level: 'warning', title: 'Careful', message: 'This one **warns**.' });
    await ctx.notice({ level: 'danger', message: 'This one is serious.' });
    await ctx.effect('confetti', { count: 20 });
    await ctx.hiddenContext({ shown: 'signals' });
    yield* retracted(ctx);
    yield* say(
      ctx,
      'A status line that disappears, three notices, an effect for the page, and a message that was taken back.',
    );
  },
};

/** A message that appears, is replaced, and is gone. */
async function* retracted(ctx: TurnContext): Events {
  const item = ctx.item({
    type: 'assistant_message',
    content: [{ type: 'output_text', text: 'This message will be replaced …', annotations: [] }],
  });
  yield { type: 'thread.item.done', item };
  await pause(ctx, 800);
  const content = [{ type: 'output_text' as const, text: '… and taken back.', annotations: [] }];
  yield { type: 'thread.item.replaced', item: { ...item, content } };
  await pause(ctx, 800);
  yield { type: 'thread.item.removed', item_id: item.id };
}

const LOCKED = 'Locked by the tour, as an assistant may do. A new chat goes on.';

export const locking: Chapter = {
  id: 'lock',
  label: 'Lock this conversation',
  prompt: 'Lock this conversation',
  icon: 'keys',
  async *show(ctx) {
    yield* say(ctx, 'Locked: the page asks you not to write. Reload it and it still is.');
    await ctx.updateThread({ status: { type: 'locked', reason: LOCKED } });
  },
};

export const closing: Chapter = {
  id: 'close',
  label: 'Close this conversation',
  prompt: 'Close this conversation',
  icon: 'check-circle',
  async *show(ctx) {
    yield* say(ctx, 'Closed for good.');
    await ctx.updateThread({ status: { type: 'closed', reason: 'The tour has closed this conversation.' } });
  },
};

export const opening: Chapter = {
  id: 'open',
  label: 'Open this conversation',
  prompt: 'Open this conversation',
  icon: 'lifesaver',
  async *show(ctx) {
    await ctx.updateThread({ status: { type: 'active' } });
    yield* say(ctx, 'Open again.');
  },
};

export const failure: Chapter = {
  id: 'fail',
  label: 'A failure',
  prompt: 'Fail in your own words',
  icon: 'bug',
  async *show(ctx) {
    yield* say(ctx, 'This goes well …');
    throw new CustomStreamError('… and this does not: the tour was asked to fail. You can try again.', true);
  },
};

export const silentFailure: Chapter = {
  id: 'crash',
  label: 'An unforeseen failure',
  prompt: 'Fail without a word',
  icon: 'bug',
  async *show(ctx) {
    await ctx.progress('Something will go wrong …', 'bug');
    await pause(ctx, 400);
    yield* [];
    throw new StreamError();
  },
};

/** Everything that does not end the turn, one after the other. */
export const everything = (parts: readonly Chapter[]): Chapter => ({
  id: 'all',
  label: 'The whole tour',
  prompt: 'Show me everything',
  icon: 'compass',
  async *show(ctx: TurnContext, input: TurnInput) {
    for (const [index, part] of parts.entries()) {
      yield* say(ctx, `### ${index + 1}. ${part.label}`);
      yield* part.show(ctx, input);
    }
  },
});
