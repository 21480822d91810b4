import type { ThreadItem } from '../protocol/item.js';

/** An item that was announced and is not finished. */
export interface OpenItem {
  /** The item as far as it has come. */
  readonly item: ThreadItem;
  /** Indexes of content parts whose text is complete. */
  readonly closedParts: ReadonlySet<number>;
}

/** What the events of a stream add up to. */
export interface ThreadState {
  /** Finished items in the order in which they were finished, which is the order in which they are stored [PS-1]. */
  readonly items: readonly ThreadItem[];
  /** Unfinished items by id, in the order in which they were announced. */
  readonly open: ReadonlyMap<string, OpenItem>;
}

/** Where a fold begins. */
export const emptyThread: ThreadState = { items: [], open: new Map() };
