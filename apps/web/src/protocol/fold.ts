import { growItem } from './items/index.js';
import type { ChatEvent, FeedbackKind, Item, ItemUpdate } from './types.js';

export { textOf } from './items/text-of.js';

/** The progress of an item: still growing, finished, stopped and stored as it was, or failed and not stored. */
export type Progress = 'open' | 'done' | 'stopped' | 'lost';

/** How a turn ended that did not end well. */
export type Ending = 'stopped' | 'failed';

export interface Entry {
  readonly item: Item;
  readonly progress: Progress;
  /** The turn whose last entry this is did not end well. */
  readonly ending?: Ending | undefined;
  /** What the person has said about it. */
  readonly feedback?: FeedbackKind | undefined;
}

/** The items of a thread in the order in which they were announced, so that nothing on the screen moves. */
export type Entries = readonly Entry[];

export const asEntries = (items: readonly Item[]): Entries => items.map((item) => ({ item, progress: 'done' }));

export const withFeedback = (entries: Entries, given: ReadonlyMap<string, FeedbackKind | undefined>): Entries =>
  entries.map((entry) => (given.has(entry.item.id) ? { ...entry, feedback: given.get(entry.item.id) } : entry));

/** Lets the newest answer grow: the page of items does not say whether it is finished, the events of its run do. */
export function reopenNewest(entries: Entries): Entries {
  const newest = entries.at(-1);
  return newest?.item.type === 'assistant_message'
    ? entries.with(entries.length - 1, { ...newest, progress: 'open' })
    : entries;
}

/** The entries after one more event. Pure; an event about an unknown item changes nothing. */
export function applyEvent(entries: Entries, event: ChatEvent): Entries {
  switch (event.type) {
    case 'item.added':
      return upsert(entries, { item: event.item, progress: 'open' });
    case 'item.done':
    case 'item.replaced':
      return upsert(settleAt(event.item, entries), { item: event.item, progress: 'done' });
    case 'item.removed':
      return entries.filter(({ item }) => item.id !== event.id);
    case 'item.updated':
      return entries.map((entry) => (entry.item.id === event.id ? grow(entry, event.update) : entry));
    case 'run':
    case 'thread':
    case 'options':
    case 'progress':
    case 'effect':
    case 'notice':
    case 'error':
      return entries;
  }
}

/** Completes unfinished items when their stream is over. After a stop, only messages are stored as they are [CX-2]. */
export function closeOpen(entries: Entries, progress: Exclude<Progress, 'open'>): Entries {
  const closed = ({ type }: Item): Progress =>
    progress === 'stopped' && type !== 'assistant_message' ? 'lost' : progress;
  return entries.map((entry) => (entry.progress === 'open' ? { ...entry, progress: closed(entry.item) } : entry));
}

/** A call of a client tool ends its turn, and what was open then is stored as it is, without an event [TC-2] [WF-6]. */
function settleAt(item: Item, entries: Entries): Entries {
  return item.type === 'client_tool_call' ? closeOpen(entries, 'done') : entries;
}

/** Stored items replace what the stream has shown, also if it was cut. */
export function mergeStored(entries: Entries, stored: readonly Item[]): Entries {
  const known = new Set(stored.map(({ id }) => id));
  const first = entries.findIndex(({ item }) => known.has(item.id));
  const before = first < 0 ? entries : entries.slice(0, first);
  return [...before.filter(({ progress }) => progress === 'done'), ...asEntries(stored)];
}

function upsert(entries: Entries, entry: Entry): Entries {
  const position = entries.findIndex(({ item }) => item.id === entry.item.id);
  return position < 0 ? [...entries, entry] : entries.with(position, entry);
}

function grow(entry: Entry, update: ItemUpdate): Entry {
  const item = growItem(entry.item, update);
  if (item === entry.item) return entry;
  // A stored workflow that gets a task continues [WF-5]; a stored widget that changes is as finished as before [PS-7].
  return { item, progress: update.type === 'task' ? 'open' : entry.progress };
}

/** A call of a tool of the page with what it returned, if the newest item is one that waits. */
export function withOutput(entries: Entries, output: unknown): Entries {
  const newest = entries.at(-1);
  if (newest?.item.type !== 'client_tool_call' || newest.item.status !== 'pending') return entries;
  return entries.with(entries.length - 1, { ...newest, item: { ...newest.item, status: 'completed', output } });
}
