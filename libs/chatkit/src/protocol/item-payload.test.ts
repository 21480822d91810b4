import { describe, expect, it } from 'vitest';
import {
  aClientToolCall,
  aForm,
  aHiddenItem,
  anAssistantMessage,
  anImage,
  aUserMessage,
  aWidget,
  aWorkflow,
} from '../testing/index.js';
import { fromPayload, ItemParseError, toPayload } from './item-payload.js';
import type { ThreadItem } from './item.js';

function stored(item: ThreadItem, payload: unknown = JSON.parse(JSON.stringify(toPayload(item)))) {
  return { id: item.id, threadId: item.thread_id, createdAt: item.created_at, payload };
}

function columnsOf({ id, thread_id, created_at }: ThreadItem) {
  return { id, thread_id, created_at };
}

describe('an item in storage', () => {
  const tag = { type: 'input_tag' as const, id: 't', text: 'T', data: { paid_at: null }, interactive: false };

  const unknown = { type: 'Card', border: { size: 1 }, children: [{ type: 'Hologram', depth: 3 }] };
  const task = { type: 'custom' as const, status_indicator: 'complete' as const, title: 'Read' };
  const image = { id: 'ig_1', url: 'https://img.example/1' };

  it.each<ThreadItem>([
    aUserMessage({ content: [tag], quoted_text: 'before' }),
    anAssistantMessage(),
    aHiddenItem({ content: { note: null } }),
    { ...aHiddenItem(), type: 'sdk_hidden_context', content: 'stopped' },
    aClientToolCall(),
    aClientToolCall({ status: 'completed', output: { ids: [null] } }),
    aWidget({ widget: unknown, copy_text: 'Copy me' }),
    anImage({ image }),
    aForm(),
    aForm({ status: 'skipped' }),
    aWorkflow({ workflow: { type: 'custom', tasks: [task], summary: { duration: 3 }, expanded: true } }),
    { ...columnsOf(aWorkflow()), type: 'task', task },
    { ...columnsOf(aWorkflow()), type: 'end_of_turn' },
  ])('comes back as it went in: $type [ST-3]', (item) => {
    expect(fromPayload(stored(item))).toEqual(item);
  });

  it('does not hold what its row has as columns', () => {
    expect(toPayload(anAssistantMessage())).toEqual({
      type: 'assistant_message',
      content: [{ type: 'output_text', text: 'Hello yourself', annotations: [] }],
    });
  });

  it('takes its columns from the row, even when the payload has them', () => {
    const item = anAssistantMessage();
    expect(fromPayload(stored(item, { ...toPayload(item), id: 'msg_other', thread_id: 'thr_other' }))).toEqual(item);
  });

  it.each([null, 'text', [], {}, { type: 'hologram' }, { type: 'assistant_message', content: 'text' }])(
    'is named when it cannot be read: %j',
    (payload) => {
      const read = () => fromPayload(stored(anAssistantMessage(), payload));
      expect(read).toThrow(ItemParseError);
      expect(read).toThrow(/msg_answer/);
      expect(read).toThrow(expect.objectContaining({ itemId: 'msg_answer', threadId: 'thr_1' }));
    },
  );
});
