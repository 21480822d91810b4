import type { EventOf, ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import { encodeEvent } from '../wire/encode-sse.js';
import { applyEvent } from './apply-event.js';
import { openItemEvents } from './open-item-events.js';
import { parseFrames } from './parse-frames.js';
import { emptyThread, type ThreadState } from './thread-state.js';

/**
 * The fewest frames that give a new reader the same state as all the given ones. `frames` is what a run has written to
 * its log under one fence, so without the preamble, which every reader gets anyway.
 */
export function snapshotFrames(frames: string): string {
  const events = parseFrames(frames);
  const state = events.reduce(applyEvent, emptyThread);
  const announced = announcedIds(events);
  return [
    ...removals(events, new Set([...state.items.map(({ id }) => id), ...state.open.keys()])),
    ...state.items.map((item) => finished(item, announced)),
    ...[...state.open.values()].flatMap(openItemEvents),
    ...lateUpdates(state),
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

/** A finished item needs no `added` [EV-4]. One that is older than the run was only replaced [EV-8]. */
function finished(item: ThreadItem, announced: ReadonlySet<string>): ThreadStreamEvent {
  return { type: announced.has(item.id) ? 'thread.item.done' : 'thread.item.replaced', item };
}

/** What happened to items that were not open: they need no `added`, the reader has them from the thread or from above. */
function lateUpdates(state: ThreadState): ThreadStreamEvent[] {
  return [...state.late].flatMap(([item_id, updates]) =>
    updates.map((update): ThreadStreamEvent => ({ type: 'thread.item.updated', item_id, update })),
  );
}

/**
 * What is not about items and still matters: errors, the thread's latest state, the status line if it is still shown.
 * Effects and notices are left out [PS-8]: snapshots are for readers who join a run that another reader started, or
 * return after a reload, and an effect must not happen twice on a page. The reader who started the run gets the frames
 * themselves.
 */
function remarks(events: readonly ThreadStreamEvent[]): ThreadStreamEvent[] {
  const latestThread = events.findLast(({ type }) => type === 'thread.updated');
  const quiet = events.slice(events.findLastIndex(endsStatusLine) + 1);
  const statusLine = quiet.findLast(({ type }) => type === 'progress_update');
  return events.filter((event) => event.type === 'error' || event === latestThread || event === statusLine);
}

function endsStatusLine({ type }: ThreadStreamEvent): boolean {
  return type === 'error' || type.startsWith('thread.item.');
}
