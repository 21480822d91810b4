import type { ThreadItem } from '#chatkit';
import type { Message } from '#providers';

/** How many of the newest items a prompt holds (MI-12). */
export const HISTORY_ITEMS = 20;

/** The messages for the model, oldest first (protocol §7). Pure. */
export function buildPrompt(items: readonly ThreadItem[]): Message[] {
  const last = items.at(-1);
  return items.flatMap((item) => toMessages(item, item === last));
}

function toMessages(item: ThreadItem, isLast: boolean): Message[] {
  switch (item.type) {
    case 'user_message':
      return userMessages(item, isLast);
    case 'assistant_message':
      return assistantMessages(item);
    case 'hidden_context_item':
    case 'sdk_hidden_context':
      return [hiddenContext(item.content)];
    default:
      return [];
  }
}

type ItemOf<Type extends ThreadItem['type']> = Extract<ThreadItem, { type: Type }>;

/** MI-2 to MI-5: the text, a tag as `@` and its text; then what is quoted (only of the last item), then what is meant. */
function userMessages(item: ItemOf<'user_message'>, isLast: boolean): Message[] {
  const text = item.content.map((part) => (part.type === 'input_tag' ? `@${part.text}` : part.text)).join('');
  const messages = [user(text)];
  if (item.quoted_text && isLast) {
    messages.push(user(`The user is referring to this in particular:\n${item.quoted_text}`));
  }
  const mentioned = new Set(item.content.flatMap((part) => (part.type === 'input_tag' ? [part.text] : [])));
  if (mentioned.size > 0) {
    const names = [...mentioned].map((name) => `- ${name}`).join('\n');
    messages.push(user(`The user mentioned these by name. Use plain names, do not repeat the "@":\n${names}`));
  }
  return messages;
}

function assistantMessages(item: ItemOf<'assistant_message'>): Message[] {
  const content = item.content.filter((part) => part.text !== '').map(({ text }) => ({ type: 'text', text }) as const);
  return content.length > 0 ? [{ role: 'assistant', content }] : [];
}

/** MI-8: told to the model as the user's, since a system message in mid-conversation is refused by many models. */
function hiddenContext(content: unknown): Message {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return user(`Hidden context for the model, which the user does not see:\n<HiddenContext>\n${text}\n</HiddenContext>`);
}

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
