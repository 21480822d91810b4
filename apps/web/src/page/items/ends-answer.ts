import { createContext } from 'react';
import type { Entries } from '../../protocol/fold.js';

/** Whether the item is the last one of its turn: what concerns the whole answer is offered there, once. */
export const EndsAnswer = createContext(true);

/**
 * The ids of the items that end an answer. While one is being written, only a message ends it: what follows a step of
 * work, or a picture, is on its way.
 */
export function endsOfAnswers(entries: Entries, isBusy: boolean): ReadonlySet<string> {
  const ends = new Set<string>();
  let isFound = false;
  let isGrowing = isBusy;
  for (const { item } of entries.toReversed()) {
    if (item.type === 'user_message') isFound = isGrowing = false;
    // It is not drawn.
    else if (item.type !== 'end_of_turn' && !isFound && (!isGrowing || item.type === 'assistant_message')) {
      isFound = true;
      ends.add(item.id);
    }
  }
  return ends;
}
