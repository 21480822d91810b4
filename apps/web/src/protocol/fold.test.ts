import { describe, expect, it } from 'vitest';
import { applyEvent, asEntries, closeOpen, type Entries, mergeStored, textOf } from './fold.js';
import { readItem } from './items/index.js';
import { readEvent } from './read-event.js';
import type { ChatEvent, Item } from './types.js';

const at = { thread_id: 'thr_1', created_at: '2026-01-01T00:00:00Z' };
const user = { type: 'user_message', id: 'msg_1', ...at, content: [{ type: 'input_text', text: 'Hi' }] };
const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
const answer = (text: string) => ({ type: 'assistant_message', id: 'msg_2', ...at, content: [part(text)] });
const update = (type: string, more: object) => ({
  type: 'thread.item.updated',
  item_id: 'msg_2',
  update: { type: `assistant_message.content_part.${type}`, content_index: 0, ...more },
});

const turn = [
  { type: 'thread.item.done', item: user },
  { type: 'stream_options', stream_options: { allow_cancel: true } },
  { type: 'thread.item.added', item: { ...answer(''), content: [] } },
  update('added', { content: part('') }),
  update('text_delta', { delta: 'Hello ' }),
  update('text_delta', { delta: 'there' }),
  update('done', { content: part('Hello there') }),
  { type: 'thread.item.done', item: answer('Hello there') },
];

const read = (event: object): ChatEvent => readEvent(JSON.stringify(event)) ?? { type: 'progress', text: '' };
const fold = (events: readonly object[]): Entries => events.map(read).reduce(applyEvent, [] as Entries);
const stored = (...items: object[]): Item[] => items.flatMap((item) => readItem(item) ?? []);
const seen = (entries: Entries) => entries.map(({ item, progress }) => [textOf(item), progress]);

describe('the fold of events to items', () => {
  it('grows the answer delta by delta, and ends at what is stored', () => {
    expect(seen(fold(turn.slice(0, 5)))).toEqual([
      ['Hi', 'done'],
      ['Hello ', 'open'],
    ]);
    expect(fold(turn)).toEqual(asEntries(stored(user, answer('Hello there'))));
  });

  it('leaves the given entries as they were', () => {
    const before = fold(turn.slice(0, 5));
    const copy = structuredClone(before);
    applyEvent(before, read(update('text_delta', { delta: 'x' })));
    expect(before).toEqual(copy);
  });

  it('takes an item back, and swaps one in place', () => {
    expect(seen(fold([...turn, { type: 'thread.item.removed', item_id: 'msg_2' }]))).toEqual([['Hi', 'done']]);
    const swapped = fold([...turn, { type: 'thread.item.replaced', item: { ...user, content: [part('Hey')] } }]);
    expect(seen(swapped)[0]).toEqual(['Hey', 'done']);
  });

  it('ignores unknown events', () => {
    const unknown = [
      { type: 'thread.item.updated', item_id: 'msg_9', update: { type: 'widget.root.updated', widget: {} } },
      { type: 'thread.item.updated', item_id: 'msg_2', update: { type: 'workflow.task.added' } },
      { type: 'client_effect', name: 'x', data: {} },
    ];
    expect(fold([...turn, ...unknown])).toEqual(fold(turn));
    expect(readEvent('{"type":"brand.new"}')).toBeUndefined();
    expect(readEvent('{"type')).toBeUndefined();
    expect(readItem({ id: 'msg_3', type: 'brand_new', ...at })).toMatchObject({ type: 'other', kind: 'brand_new' });
  });

  it('distinguishes stopped items from failed ones', () => {
    const cut = fold(turn.slice(0, 5));
    expect(seen(closeOpen(cut, 'stopped'))[1]).toEqual(['Hello ', 'stopped']);
    expect(seen(closeOpen(cut, 'lost'))[1]).toEqual(['Hello ', 'lost']);
  });

  it('replaces what a cut stream has shown by the stored items', () => {
    const cut = closeOpen(fold(turn.slice(0, 5)), 'stopped');
    expect(seen(mergeStored(cut, stored(user, answer('Hello th'))))).toEqual([
      ['Hi', 'done'],
      ['Hello th', 'done'],
    ]);
    const longer = [...asEntries(stored({ ...user, id: 'msg_0' })), ...cut];
    expect(mergeStored(longer, stored(user))).toHaveLength(2);
  });
});
