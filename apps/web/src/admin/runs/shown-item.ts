import type { Item } from '../types.js';

/** Its text; of what has none, what it is. */
export function shownItem({ type, content, attachments = [], name }: Item): string {
  const texts = typeof content === 'string' ? [content] : (content ?? []).map(shownPart);
  const files = attachments.map((file) => `[file: ${file.name}]`);
  const said = [texts.join(''), ...files].filter((text) => text !== '').join('\n');
  return said || `[${KINDS[type] ?? type.replaceAll('_', ' ')}${name === undefined ? '' : `: ${name}`}]`;
}

const shownPart = ({ type, text }: NonNullable<Exclude<Item['content'], string>>[number]): string =>
  text ?? `[${(type ?? 'part').replaceAll('_', ' ')}]`;

const KINDS: Readonly<Record<string, string>> = {
  user_message: 'message without text',
  assistant_message: 'answer without text',
  client_tool_call: 'call of a tool of the page',
  sdk_hidden_context: 'hidden context',
  generated_image: 'picture',
};
