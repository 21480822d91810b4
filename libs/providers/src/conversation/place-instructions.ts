import type { UserMessage } from '../spec/prompt.js';
import { type Entry, said } from './entries.js';
import type { ConversationRules } from '../spec/conversation-rules.js';

/** What is said to a model: its instructions, and the conversation. */
export interface Placed {
  /** In front of the conversation; empty where they are within it. */
  readonly instructions: readonly Entry[];
  readonly conversation: readonly Entry[];
}

/** The instructions where the server takes them. Without a conversation they are its first message, if there must be one. */
export function placeInstructions(entries: readonly Entry[], rules: ConversationRules): Placed {
  if (rules.system === 'anywhere') return { instructions: [], conversation: entries };
  const texts = entries.flatMap((entry) => (entry.role === 'system' ? [entry.content] : []));
  const conversation = entries.filter(({ role }) => role !== 'system');
  if (texts.length === 0) return { instructions: [], conversation };
  const content = texts.join('\n\n');
  if (rules.system === 'user') return { instructions: [], conversation: beginWith(content, conversation) };
  if (rules.firstFromUser && conversation.length === 0) return { instructions: [], conversation: [said(content)] };
  return { instructions: [{ role: 'system', content }], conversation };
}

function beginWith(text: string, conversation: readonly Entry[]): Entry[] {
  const first = conversation.findIndex(({ role }) => role === 'user');
  const message = conversation[first];
  if (message?.role !== 'user') return [said(text), ...conversation];
  const joined: UserMessage = { role: 'user', content: [{ type: 'text', text }, ...message.content] };
  return conversation.with(first, joined);
}
