import type { ChatClient } from '../protocol/client.js';
import { textOf } from '../protocol/fold.js';
import type { AssistantMessage } from '../protocol/items/assistant-message.js';
import { citedTexts, type Mark, WRITTEN_MARK } from '../protocol/items/cited.js';
import { textOfSource } from '../protocol/items/text-of.js';
import type { UserMessage } from '../protocol/items/user-message.js';
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

/** What belongs to the conversation beside its messages; how an answer came about does not. */
const SPOKEN: ReadonlySet<Item['type']> = new Set(['widget', 'structured_input', 'generated_image']);

/** A conversation as Markdown: who said what, in order. What has no text, such as a widget of pictures, is left out. */
export function toMarkdown(title: string, items: readonly Item[]): string {
  const parts = items.flatMap((item) => {
    if (item.type === 'user_message') return spoken(texts.items.youSaid, questionOf(item));
    if (item.type === 'assistant_message') return spoken(texts.items.assistantSaid, answerOf(item));
    return SPOKEN.has(item.type) ? [textOf(item).trim()] : [];
  });
  return `${[`# ${title}`, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Nothing for somebody who has said nothing. */
function spoken(speaker: string, said: readonly string[]): string[] {
  return said.some((part) => part !== '') ? [`## ${speaker}`, ...said] : [];
}

function questionOf(item: UserMessage): string[] {
  const files = item.attachments.map(({ name }) => `- ${name}`);
  const attached = files.length > 0 ? [`${texts.composer.attachments}:`, files.join('\n')] : [];
  return [quoted(item.quoted_text), textOf(item).trim(), ...attached];
}

/** With the numbers of its sources where the text refers to them, and the sources below. */
function answerOf(item: AssistantMessage): string[] {
  const { parts, sources } = citedTexts(item);
  const cited = parts.map(({ text, marks }) => marks.toSorted((a, b) => b.offset - a.offset).reduce(withMark, text));
  const list = sources.map((source, index) => `${index + 1}. ${textOfSource(source)}`);
  return [cited.join('\n\n').trim(), ...(list.length > 0 ? [`${texts.items.sources}:`, list.join('\n')] : [])];
}

/** A mark takes the place of one that the text has there already. */
function withMark(text: string, { offset, numbers }: Mark): string {
  const before = text.slice(0, offset).replace(WRITTEN_MARK, '');
  return `${before}${numbers.map((number) => `[${number}]`).join('')}${text.slice(offset)}`;
}

const quoted = (text: string | undefined): string => (text ? `> ${text.replaceAll('\n', '\n> ')}` : '');

/** A name that every file system takes. */
export function fileNameOf(title: string): string {
  const name = title
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${name || 'conversation'}.md`;
}
