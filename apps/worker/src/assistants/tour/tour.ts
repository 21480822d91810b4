import {
  type AssistantDefinition,
  type ThreadItem,
  type TurnContext,
  type TurnInput,
  type UserMessageItem,
} from '#chatkit';
import { image, markdown, sources, thinking } from './answers.js';
import type { Chapter } from './chapter.js';
import {
  afterClientTool,
  afterForm,
  clientTools,
  closing,
  everything,
  failure,
  gallery,
  locking,
  opening,
  questions,
  signals,
  silentFailure,
  widgets,
} from './interaction.js';
import { type Events, say } from './say.js';
import { clock, serverTool } from './server-tool.js';
import { card, CHOOSE, done, LIKE, ORDER, REMOVE, written } from './widgets.js';

/** Those that a page offers; the others are named by the answer to a free text. */
const OFFERED: readonly Chapter[] = [
  everything([markdown, thinking, serverTool, sources, widgets, image, signals]),
  markdown,
  thinking,
  serverTool,
  sources,
  widgets,
  gallery,
  questions,
  image,
  clientTools,
  signals,
  failure,
  locking,
];
export const CHAPTERS: readonly Chapter[] = [...OFFERED, silentFailure, closing, opening];

/**
 * The assistant of an installation without a key and without a configuration: shows every kind of item and event that the
 * protocol has, and answers everything else by the model, which is the demo. Nothing in it calls anybody.
 */
export const tour: AssistantDefinition = {
  name: 'Tour',
  description: 'Shows everything that an answer can be, without a model.',
  greeting: 'What would you like to see?',
  placeholder: 'Write anything',
  disclaimer: 'This is a demo: no model has a key yet.',
  prompts: OFFERED.map(({ label, prompt, icon }) => ({ label, prompt, icon })),
  composerTools: [
    {
      id: 'sources',
      label: 'Look it up',
      shortLabel: 'Sources',
      icon: 'search',
      placeholderOverride: 'What shall I look up?',
    },
    { id: 'image', label: 'Paint a picture', shortLabel: 'Picture', icon: 'images', pinned: true, persistent: true },
  ],
  tools: [clock],
  respond,
  action,
  async syncAction(ctx, { type, payload }, { item }) {
    if (type !== LIKE || !item) return undefined;
    const { likes } = payload as { readonly likes?: unknown };
    const saved = { ...item, widget: card(typeof likes === 'number' && likes > 0 ? Math.floor(likes) : 1) };
    await ctx.store.saveItem(saved);
    return saved;
  },
  onFeedback: (ctx, { kind, itemIds }) => ctx.log.info('feedback', { kind, items: itemIds.length }),
  transcribe: (_ctx, { bytes, mimeType }) => `This is what I heard: ${bytes.byteLength} bytes of ${mimeType}.`,
};

async function* respond(ctx: TurnContext, input: TurnInput): Events {
  const last = input.items.at(-1);
  if (!input.userMessage && last) return yield* goOn(ctx, last);
  const chapter = chapterFor(input.userMessage, ctx.choice.toolChoice);
  if (chapter) return yield* chapter.show(ctx, input);
  return yield* ctx.answer();
}

/** After a form or a tool of the page. */
async function* goOn(ctx: TurnContext, last: ThreadItem): Events {
  if (last.type === 'structured_input') return yield* afterForm(ctx, last);
  if (last.type === 'client_tool_call') return yield* afterClientTool(ctx, last);
  return yield* ctx.answer();
}

/** By the whole text, by `/id` in it, or by the tool that was chosen in the composer. */
function chapterFor(message: UserMessageItem | undefined, toolChoice: string | undefined): Chapter | undefined {
  const text =
    message?.content
      .map((part) => part.text)
      .join('')
      .trim()
      .toLowerCase() ?? '';
  const named = CHAPTERS.find(
    ({ id, prompt }) => text === prompt.toLowerCase() || text.split(/\s+/).includes(`/${id}`),
  );
  return named ?? CHAPTERS.find(({ id }) => id === toolChoice);
}

async function* action(
  ctx: TurnContext,
  clicked: Parameters<NonNullable<AssistantDefinition['action']>>[1],
  sender: Parameters<NonNullable<AssistantDefinition['action']>>[2],
): Events {
  const given = written(clicked);
  switch (clicked.type) {
    case ORDER:
      await ctx.progress('Ordering …', 'clock');
      if (sender) yield { type: 'thread.item.replaced', item: { ...sender, widget: done('Ordered', given) } };
      await ctx.effect('ordered', { what: given });
      return yield* say(ctx, `You have ordered: ${given || 'nothing in particular'}.`);
    case CHOOSE:
      return yield* say(ctx, `You have chosen ${given}.`);
    case REMOVE:
      if (sender) yield { type: 'thread.item.removed', item_id: sender.id };
      return undefined;
    default:
      return yield* say(ctx, `The page has sent \`${clicked.type.slice(0, 100)}\`.`);
  }
}
