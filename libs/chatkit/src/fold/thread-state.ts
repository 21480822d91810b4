import type { GeneratedImageUpdate } from '../protocol/generated-image.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { ThreadItem } from '../protocol/item.js';

/** An item that was announced and is not finished. */
export interface OpenItem {
  /** The item with what it holds so far. */
  readonly item: ThreadItem;
  /** Indexes of content parts whose text is complete. */
  readonly closedParts: ReadonlySet<number>;
  /** The latest preview of an image, which holds the progress [IM-2]. */
  readonly preview?: GeneratedImageUpdate | undefined;
}

/** The state after the events of a stream. */
export interface ThreadState {
  /** Finished items in the order in which they were finished, which is the order in which they are stored [PS-1]. */
  readonly items: readonly ThreadItem[];
  /** Unfinished items by id, in the order in which they were announced. */
  readonly open: ReadonlyMap<string, OpenItem>;
  /**
   * Changes of items that are not open here, by id: widgets that are stored or finished, which change only on the
   * screen [PS-7], and workflows of an earlier turn that continue [WF-5]. Merged into as few updates as possible.
   */
  readonly late: ReadonlyMap<string, readonly ItemUpdate[]>;
}

/** The initial state of a fold. */
export const emptyThread: ThreadState = { items: [], open: new Map(), late: new Map() };
