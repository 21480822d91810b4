import type { AssistantContentPart, AssistantMessageUpdate } from '../protocol/assistant-message.js';
import type { EventOf, ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import { encodeEvent } from '../wire/encode-sse.js';
import { applyEvent } from './apply-event.js';
import { parseFrames } from './parse-frames.js';
import { emptyThread, type OpenItem } from './thread-state.js';

/**
 * The fewest frames that bring a new reader to where the given ones bring an old one. `frames` is what a run has put
 * into its log under one fence, so without the preamble, which every reader gets anyway.
 */
export function snapshotFrames(frames: string): string {
  const events = parseFrames(frames);
  const state = events.reduce(applyEvent, emptyThread);
  const announced = announcedIds(events);
  return [
    ...removals(events, new Set([...state.items.map(({ id }) => id), ...state.open.keys()])),
    ...state.items.map((item) => finished(item, announced)),
    ...[...state.open.values()].flatMap(unfinished),
    ...remarks(events),
  ]
    .map(encodeEvent)
    .join('');
}

function announcedIds(events: readonly ThreadStreamEvent[]): Set<string> {
  return new Set(
    events.flatMap((event) =>
      event.type === 'thread.item.added' || event.type === 'thread.item.done' ? [event.item.id] : [],
    ),
  );
}

/** A new reader may have loaded the thread before an item was withdrawn. */
function removals(events: readonly ThreadStreamEvent[], alive: ReadonlySet<string>): ThreadStreamEvent[] {
  const ids = events.flatMap((event) => (event.type === 'thread.item.removed' ? [event.item_id] : []));
  return [...new Set(ids)]
    .filter((id) => !alive.has(id))
    .map((item_id): EventOf<'thread.item.removed'> => ({ type: 'thread.item.removed', item_id }));
}

/** A finished item needs no `added` [EV-4]. One that is older than the run was only swapped in place [EV-8]. */
function finished(item: ThreadItem, announced: ReadonlySet<string>): ThreadStreamEvent {
  return { type: announced.has(item.id) ? 'thread.item.done' : 'thread.item.replaced', item };
}

function unfinished({ item, closedParts }: OpenItem): ThreadStreamEvent[] {
  if (item.type !== 'assistant_message') return [{ type: 'thread.item.added', item }];
  const updates = item.content.flatMap((part, index) => partUpdates(part, index, closedParts.has(index)));
  return [
    { type: 'thread.item.added', item: { ...item, content: [] } },
    ...updates.map((update): ThreadStreamEvent => ({ type: 'thread.item.updated', item_id: item.id, update })),
  ];
}

/** A part as the client is used to see it grow [GF-2] [GF-14], with all its text in one delta. */
function partUpdates(part: AssistantContentPart, content_index: number, closed: boolean): AssistantMessageUpdate[] {
  const { type, text, annotations } = part;
  const updates: AssistantMessageUpdate[] = [
    { type: 'assistant_message.content_part.added', content_index, content: { type, text: '', annotations: [] } },
  ];
  if (text) updates.push({ type: 'assistant_message.content_part.text_delta', content_index, delta: text });
  annotations.forEach((annotation, annotation_index) => {
    const place = { content_index, annotation_index };
    updates.push({ type: 'assistant_message.content_part.annotation_added', ...place, annotation });
  });
  if (closed) {
    const content = { type, text, annotations: [] };
    updates.push({ type: 'assistant_message.content_part.done', content_index, content });
  }
  return updates;
}

/** What is not about items and still matters: errors, the thread's latest state, the status line if it still stands. */
function remarks(events: readonly ThreadStreamEvent[]): ThreadStreamEvent[] {
  const latestThread = events.findLast(({ type }) => type === 'thread.updated');
  const last = events.at(-1);
  return events.filter(
    (event) => event.type === 'error' || event === latestThread || (event === last && event.type === 'progress_update'),
  );
}
