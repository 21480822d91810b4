import type { ThreadStreamEvent } from '../protocol/event.js';

/** A comment frame: keeps proxies from closing an idle stream; clients ignore it. */
export const HEARTBEAT = ':\n\n';

/**
 * One event as one frame [TR-4]. Nothing has to be removed here: the event types have no null [SER-1], and free-form
 * values keep theirs [SER-2]. JSON.stringify keeps the frame on one line and lone surrogates well-formed [SER-6].
 */
export function encodeEvent(event: ThreadStreamEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/**
 * The frames of one part's text deltas [UP-2]. This is the hot path: everything except the text is encoded once, so a delta
 * costs one JSON.stringify of a short string.
 */
export function textDeltaEncoder(itemId: string, contentIndex: number): (delta: string) => string {
  const end = '}}\n\n';
  const frame = encodeEvent({
    type: 'thread.item.updated',
    item_id: itemId,
    update: { type: 'assistant_message.content_part.text_delta', content_index: contentIndex, delta: '' },
  });
  const start = frame.slice(0, -`""${end}`.length);
  return (delta) => start + JSON.stringify(delta) + end;
}
