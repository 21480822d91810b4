import type { EventOf, ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import { applyUpdate } from './apply-update.js';
import type { OpenItem, ThreadState } from './thread-state.js';

/**
 * The state after one more event. Pure: worker, API and tests fold with this one function, and the given state stays
 * as it was. An event about an item that was never announced changes nothing [EV-7].
 */
export function applyEvent(state: ThreadState, event: ThreadStreamEvent): ThreadState {
  switch (event.type) {
    case 'thread.item.added':
      return { ...state, open: withOpen(state.open, event.item.id, { item: event.item, closedParts: new Set() }) };
    case 'thread.item.updated':
      return update(state, event);
    case 'thread.item.done':
    case 'thread.item.replaced': // also ends an unfinished copy [PS-5]
      return { items: upsert(state.items, event.item), open: withoutOpen(state.open, event.item.id) };
    case 'thread.item.removed':
      return remove(state, event.item_id);
    default:
      return state;
  }
}

function update(state: ThreadState, event: EventOf<'thread.item.updated'>): ThreadState {
  const open = state.open.get(event.item_id);
  return open ? { ...state, open: withOpen(state.open, event.item_id, applyUpdate(open, event.update)) } : state;
}

function remove(state: ThreadState, id: string): ThreadState {
  return { items: state.items.filter((item) => item.id !== id), open: withoutOpen(state.open, id) };
}

/** An item that is known keeps its position [EV-8] [ST-5]. */
function upsert(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const position = items.findIndex(({ id }) => id === item.id);
  return position < 0 ? [...items, item] : items.with(position, item);
}

function withOpen(open: ThreadState['open'], id: string, item: OpenItem): ThreadState['open'] {
  return new Map(open).set(id, item);
}

function withoutOpen(open: ThreadState['open'], id: string): ThreadState['open'] {
  return open.has(id) ? new Map([...open].filter(([key]) => key !== id)) : open;
}
