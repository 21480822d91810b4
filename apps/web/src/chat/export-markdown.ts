import type { ChatClient } from '../protocol/client.js';
import { textOf } from '../protocol/fold.js';
import type { Item } from '../protocol/types.js';
import { texts } from '../i18n/texts.js';

const PAGE = 100;

/** All items of a thread, oldest first. Rejects with a `RequestError`. */
export async function loadAll(client: Pick<ChatClient, 'listItems'>, threadId: string): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = await client.listItems(threadId, { limit: PAGE, order: 'asc', after });
    items.push(...page.data);
    after = page.has_more ? page.after : undefined;
  } while (after !== undefined);
  return items;
}

/** What belongs to the conversation itself; how an answer came about does not. */
const SPOKEN: ReadonlySet<Item['type']> = new Set([
  'user_message',
  'assistant_message',
  'widget',
  'structured_input',
  'generated_image',
]);

/** A conversation as Markdown: who said what, in order. What has no text, such as a widget of pictures, is left out. */
export function toMarkdown(title: string, items: readonly Item[]): string {
  const parts = items.flatMap((item) => {
    const text = textOf(item).trim();
    if (text === '' || !SPOKEN.has(item.type)) return [];
    return item.type === 'user_message'
      ? [`## ${texts.items.youSaid}`, quoted(item.quoted_text), text]
      : [speaker(item), text];
  });
  return `${[`# ${title}`, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

const speaker = ({ type }: Item): string => (type === 'assistant_message' ? `## ${texts.items.assistantSaid}` : '');

const quoted = (text: string | undefined): string => (text ? `> ${text.replaceAll('\n', '\n> ')}` : '');

/** A name that every file system takes. */
export function fileNameOf(title: string): string {
  const name = title
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${name || 'conversation'}.md`;
}
