import { texts } from '../i18n/texts.js';
import type { Outgoing } from '../protocol/client.js';
import { type Entries, textOf } from '../protocol/fold.js';
import type { UserMessage } from '../protocol/items/user-message.js';
import type { Problem } from './conversation-state.js';

/** The entries up to the question that an item answers, or that it is. Undefined if that question is not loaded. */
export function upToQuestion(entries: Entries, itemId: string): Entries | undefined {
  const position = entries.findIndex(({ item }) => item.id === itemId);
  const question = entries.slice(0, position + 1).findLastIndex(({ item }) => item.type === 'user_message');
  return question < 0 ? undefined : entries.slice(0, question + 1);
}

/**
 * Whether answering the question of an item again takes more with it than the answer: later turns, or what the person has
 * put into a form.
 */
export function removesMore(entries: Entries, itemId: string): boolean {
  const question = upToQuestion(entries, itemId);
  // Of what is not loaded nobody knows.
  if (!question) return true;
  return entries
    .slice(question.length)
    .some(
      ({ item }) => item.type === 'user_message' || (item.type === 'structured_input' && item.status !== 'pending'),
    );
}

/** A changed question that was not sent, when the thread is loaded again: what was written is kept until it is there. */
export function unsentEdit(problem: Problem | undefined, entries: Entries): Problem | undefined {
  const again = problem?.again;
  if (again?.type !== 'edit') return undefined;
  if (entries.some(({ item }) => item.id === again.itemId)) return problem;
  const last = entries.findLast(({ item }) => item.type === 'user_message');
  if (last && textOf(last.item) === again.text) return undefined;
  return { tone: 'info', text: texts.core.changed, again: { type: 'send', message: { text: again.text } } };
}

/** A question with another text. */
export function edited(question: UserMessage, text: string, model: string | undefined): Outgoing {
  const { attachments, quoted_text: quote, inference_options: options } = question;
  // How large they are is for those that are being chosen.
  return {
    text,
    quote,
    tool: options.tool_choice,
    model,
    attachments: attachments.map((one) => ({ ...one, size: 0 })),
  };
}
