import type { EventOf, ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import { applyUpdate } from './apply-update.js';
import { withLateUpdate } from './late-updates.js';
import type { OpenItem, ThreadState } from './thread-state.js';

/**
 * The state after one more event. Pure: worker, API and tests fold with this one function, and the given state is
 * not changed. An event about an item that was never announced changes no item [EV-7].
 */
export function applyEvent(state: ThreadState, event: ThreadStreamEvent): ThreadState {
  switch (event.type) {
    case 'thread.item.added':
      return announce(state, event.item);
    case 'thread.item.updated':
      return update(state, event);
    case 'thread.item.done':
    case 'thread.item.replaced': // also ends an unfinished copy [PS-5]
      return { ...forget(state, event.item.id), items: upsert(state.items, event.item) };
    case 'thread.item.removed':
      return { ...forget(state, event.item_id), items: state.items.filter(({ id }) => id !== event.item_id) };
    case 'thread.created':
    case 'thread.updated':
    case 'stream_options':
    case 'progress_update':
    case 'client_effect':
    case 'notice':
    case 'error':
      return state;
  }
}

function announce(state: ThreadState, item: ThreadItem): ThreadState {
  const open: OpenItem = { item, closedParts: new Set() };
  return { ...state, open: withEntry(state.open, item.id, open), late: withoutEntry(state.late, item.id) };
}

function update(state: ThreadState, { item_id, update: change }: EventOf<'thread.item.updated'>): ThreadState {
  const open = state.open.get(item_id);
  if (open) return { ...state, open: withEntry(state.open, item_id, applyUpdate(open, change)) };
  const late = withLateUpdate(state.late.get(item_id) ?? [], change);
  return late ? { ...state, late: withEntry(state.late, item_id, late) } : state;
}

/** The state without the open part of an item. */
function forget(state: ThreadState, id: string): ThreadState {
  return { ...state, open: withoutEntry(state.open, id), late: withoutEntry(state.late, id) };
}

/** An item that is already in the list keeps its position [EV-8] [ST-5]. */
function upsert(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const position = items.findIndex(({ id }) => id === item.id);
  return position < 0 ? [...items, item] : items.with(position, item);
}

function withEntry<T>(map: ReadonlyMap<string, T>, id: string, value: T): ReadonlyMap<string, T> {
  return new Map(map).set(id, value);
}

function withoutEntry<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  return map.has(id) ? new Map([...map].filter(([key]) => key !== id)) : map;
}
