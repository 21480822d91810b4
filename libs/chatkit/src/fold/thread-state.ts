import type { GeneratedImageUpdate } from '../protocol/generated-image.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { ThreadItem } from '../protocol/item.js';

/** An item that was announced and is not finished. */
export interface OpenItem {
  /** The item as far as it has come. */
  readonly item: ThreadItem;
  /** Indexes of content parts whose text is complete. */
  readonly closedParts: ReadonlySet<number>;
  /** The latest preview of an image, which says how far it is [IM-2]. */
  readonly preview?: GeneratedImageUpdate | undefined;
}

/** What the events of a stream add up to. */
export interface ThreadState {
  /** Finished items in the order in which they were finished, which is the order in which they are stored [PS-1]. */
  readonly items: readonly ThreadItem[];
  /** Unfinished items by id, in the order in which they were announced. */
  readonly open: ReadonlyMap<string, OpenItem>;
  /**
   * What changed on items that are not open here, by id: widgets that are stored or finished, which change on the
   * screen only [PS-7], and workflows of an earlier turn that go on [WF-5]. As few updates as say the same.
   */
  readonly late: ReadonlyMap<string, readonly ItemUpdate[]>;
}

/** Where a fold begins. */
export const emptyThread: ThreadState = { items: [], open: new Map(), late: new Map() };
