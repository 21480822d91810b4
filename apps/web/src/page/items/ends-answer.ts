import { createContext } from 'react';
import type { Entries } from '../../protocol/fold.js';

/** Whether the item is the last message of its turn: what concerns the whole answer is offered there, once. */
export const EndsAnswer = createContext(true);

/** The ids of the messages that end an answer. */
export function lastMessages(entries: Entries): ReadonlySet<string> {
  const last = new Set<string>();
  let isFound = false;
  for (const { item } of entries.toReversed()) {
    if (item.type === 'user_message') isFound = false;
    if (item.type !== 'assistant_message' || isFound) continue;
    isFound = true;
    last.add(item.id);
  }
  return last;
}
