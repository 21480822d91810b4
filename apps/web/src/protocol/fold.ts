import type { AssistantMessage, ChatEvent, Item, ItemUpdate, TextPart } from './types.js';

/** The progress of an item: still growing, finished, stopped and stored as it was, or failed and not stored. */
export type Progress = 'open' | 'done' | 'stopped' | 'lost';

export interface Entry {
  readonly item: Item;
  readonly progress: Progress;
}

/** The items of a thread in the order in which they were announced, so that nothing on the screen moves. */
export type Entries = readonly Entry[];

export const asEntries = (items: readonly Item[]): Entries => items.map((item) => ({ item, progress: 'done' }));

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
      return upsert(entries, { item: event.item, progress: 'done' });
    case 'item.removed':
      return entries.filter(({ item }) => item.id !== event.id);
    case 'item.updated':
      return entries.map((entry) => (entry.item.id === event.id ? grow(entry, event.update) : entry));
    case 'thread':
    case 'options':
    case 'progress':
    case 'notice':
    case 'error':
      return entries;
  }
}

/** Completes unfinished items when their stream is over. */
export function closeOpen(entries: Entries, progress: Exclude<Progress, 'open'>): Entries {
  return entries.map((entry) => (entry.progress === 'open' ? { ...entry, progress } : entry));
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
  if (entry.item.type !== 'assistant_message' || update.type === 'other') return entry;
  const { index } = update;
  const before = entry.item.content[index]?.text ?? '';
  const text = update.type === 'delta' ? before + update.delta : update.text;
  return { ...entry, item: withPart(entry.item, index, { type: 'output_text', text }) };
}

function withPart(item: AssistantMessage, index: number, part: TextPart): AssistantMessage {
  const content = [...item.content];
  while (content.length <= index) content.push({ type: 'output_text', text: '' });
  content[index] = part;
  return { ...item, content };
}

/** The text of a message. */
export function textOf(item: Item): string {
  return item.type === 'other'
    ? ''
    : item.content.map((part) => part.text).join(item.type === 'user_message' ? '' : '\n\n');
}
