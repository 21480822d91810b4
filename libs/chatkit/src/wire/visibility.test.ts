import { describe, expect, it } from 'vitest';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';
import { aHiddenItem, anAssistantMessage, aThread, aUserMessage, textDelta } from '../testing/index.js';
import { isHidden, visibleEvent, visibleItems } from './visibility.js';
import { toWireThread } from './wire-thread.js';

const sdkHidden: ThreadItem = { ...aHiddenItem(), type: 'sdk_hidden_context', content: 'stopped' };
const endOfTurn: ThreadItem = { type: 'end_of_turn', id: 'eot', thread_id: 'thr_1', created_at: aThread().created_at };
const hidden: ThreadItem[] = [aHiddenItem(), sdkHidden];
const visible: ThreadItem[] = [aUserMessage(), anAssistantMessage(), endOfTurn];

describe('isHidden', () => {
  it('knows both kinds that are for the model only [HD-1]', () => {
    expect(hidden.map(isHidden)).toEqual([true, true]);
    expect(visible.map(isHidden)).toEqual([false, false, false]);
  });
});

describe('visibleItems', () => {
  it('leaves hidden items out and keeps the order', () => {
    const [first, second, third] = visible as [ThreadItem, ThreadItem, ThreadItem];
    expect(visibleItems([first, aHiddenItem(), second, sdkHidden, third])).toEqual(visible);
  });
});

describe.each(['thread.item.added', 'thread.item.done', 'thread.item.replaced'] as const)('%s', (type) => {
  it.each(hidden)('never leaves with a $type [HD-1]', (item) => {
    expect(visibleEvent({ type, item })).toBeUndefined();
  });

  it.each(visible)('leaves with a $type', (item) => {
    expect(visibleEvent({ type, item })).toEqual({ type, item });
  });
});

describe('other events', () => {
  it.each<ThreadStreamEvent>([
    textDelta('msg_1', 0, 'Hi'),
    { type: 'thread.item.removed', item_id: 'msg_1' },
    { type: 'stream_options', stream_options: { allow_cancel: true } },
  ])('$type leaves as it is', (event) => {
    expect(visibleEvent(event)).toBe(event);
  });

  it.each(['thread.created', 'thread.updated'] as const)('%s leaves without the hidden items of its page', (type) => {
    const page = { data: [aUserMessage(), aHiddenItem()], has_more: true, after: 'msg_hidden' };
    const event = visibleEvent({ type, thread: { ...toWireThread(aThread()), items: page } });
    expect(event).toMatchObject({ thread: { items: { ...page, data: [aUserMessage()] } } });
  });
});

describe('toWireThread', () => {
  it('never shows private metadata, and has an empty page unless one is given [TH-1] [TH-3]', () => {
    const thread = toWireThread(aThread({ metadata: { plan: 'gold' } }));
    expect(JSON.parse(JSON.stringify(thread))).toEqual({
      id: 'thr_1',
      created_at: '2026-01-31T09:30:00.123Z',
      status: { type: 'active' },
      metadata: {},
      items: { data: [], has_more: false },
    });
  });

  it('shows title and image domains once they are set [TH-1] [TH-5]', () => {
    const fields = { title: 'Invoices', allowed_image_domains: ['img.example'] };
    expect(toWireThread(aThread(fields))).toMatchObject(fields);
  });

  it('shows a page without its hidden rows, and its cursor as it is [PG-8]', () => {
    const page = { data: [aHiddenItem(), aUserMessage()], has_more: true, after: 'msg_user' };
    expect(toWireThread(aThread(), page).items).toEqual({ ...page, data: [aUserMessage()] });
  });
});
