import { type ThreadItem, toPayload } from '#chatkit';

/**
 * What one thing in the store may have, in characters of its JSON. The code of assistants may write anything; whoever opens the thread
 * loads it again.
 */
export const STORED_CHARS = {
  /** A state of a widget, which a page lays out as a whole. */
  widget: 1_000_000,
  /** Any other item: a picture is one, with its bytes. */
  item: 16_000_000,
  /** What an assistant notes of a thread or an attachment. */
  metadata: 1_000_000,
} as const;

/** Nothing was stored. */
export class StoredTooLargeError extends Error {
  override readonly name = 'StoredTooLargeError';
}

/** The payload as it is stored. @throws StoredTooLargeError */
export function payloadJson(item: ThreadItem): string {
  return atMost(item.type === 'widget' ? 'widget' : 'item', JSON.stringify(toPayload(item)));
}

/** @throws StoredTooLargeError */
export function assertMetadataFits(metadata: object): void {
  atMost('metadata', JSON.stringify(metadata));
}

function atMost(what: keyof typeof STORED_CHARS, json: string): string {
  const most = STORED_CHARS[what];
  if (json.length <= most) return json;
  throw new StoredTooLargeError(`the JSON of one ${what} has ${json.length} characters, and may have ${most}`);
}
