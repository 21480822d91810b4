import type { Progress } from '../../protocol/fold.js';
import type { Item } from '../../protocol/types.js';

export type KindOf<Type extends Item['type']> = Extract<Item, { type: Type }>;

/** What the component of a kind of item is given. What can be done with the item: `useItemActions`. */
export interface ItemProps<Type extends Item['type']> {
  readonly item: KindOf<Type>;
  readonly progress: Progress;
}
