import type { ItemFields } from './item-fields.js';

/** A marker for the layout [IT-13]. */
export interface EndOfTurn extends ItemFields {
  readonly type: 'end_of_turn';
}

export const readEndOfTurn = (own: ItemFields): EndOfTurn => ({ ...own, type: 'end_of_turn' });
