import { JsonObject } from './json.js';
import { ThreadItem } from './item.js';

// Omit on a union would keep only the fields that all members share.
type WithoutColumns<Item> = Item extends unknown ? Omit<Item, 'id' | 'thread_id' | 'created_at'> : never;

/** An item as it is stored: without the fields that are columns of its row. */
export type ItemPayload = WithoutColumns<ThreadItem>;

// As above.
type WithoutTime<Item> = Item extends unknown ? Omit<Item, 'created_at'> : never;

/** An item that gets its time when it is stored. */
export type UndatedItem = WithoutTime<ThreadItem>;

/** The columns and the payload of a stored item. */
export interface StoredItem {
  id: string;
  threadId: string;
  /** ISO 8601 in UTC. */
  createdAt: string;
  payload: unknown;
}

/** A stored row that is not a valid item: written by a newer version, or damaged. */
export class ItemParseError extends Error {
  override readonly name = 'ItemParseError';

  constructor(
    readonly itemId: string,
    readonly threadId: string,
    options?: ErrorOptions,
  ) {
    super(`The stored item ${itemId} of thread ${threadId} cannot be read`, options);
  }
}

/** The part of an item that is stored besides its columns [ST-3]. */
export function toPayload(item: ThreadItem | UndatedItem): ItemPayload {
  const { id: _id, thread_id: _threadId, created_at: _createdAt, ...payload } = { created_at: undefined, ...item };
  return payload;
}

/** The item of a stored row [ST-3]; throws an `ItemParseError` when it is not valid. */
export function fromPayload({ id, threadId, createdAt, payload }: StoredItem): ThreadItem {
  const fields = JsonObject.safeParse(payload);
  if (!fields.success) throw new ItemParseError(id, threadId, { cause: fields.error });
  const columns = { id, thread_id: threadId, created_at: createdAt };
  const parsed = ThreadItem.safeParse({ ...fields.data, ...columns });
  if (!parsed.success) throw new ItemParseError(id, threadId, { cause: parsed.error });
  return parsed.data;
}
