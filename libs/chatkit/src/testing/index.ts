import type { AssistantMessageItem } from '../protocol/assistant-message.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { HiddenContextItem } from '../protocol/hidden-item.js';
import type { ThreadMetadata } from '../protocol/thread.js';
import type { UserMessageItem } from '../protocol/user-message.js';

export { aClientToolCall, aForm, anImage, aWidget, aWorkflow } from './items.js';

const columns = { thread_id: 'thr_1', created_at: '2026-01-31T09:30:00.123Z' };

/** A user message that says "Hello". */
export function aUserMessage(fields: Partial<UserMessageItem> = {}): UserMessageItem {
  return {
    type: 'user_message',
    id: 'msg_user',
    ...columns,
    content: [{ type: 'input_text', text: 'Hello' }],
    attachments: [],
    inference_options: {},
    ...fields,
  };
}

/** A finished answer with one part. */
export function anAssistantMessage(fields: Partial<AssistantMessageItem> = {}): AssistantMessageItem {
  return {
    type: 'assistant_message',
    id: 'msg_answer',
    ...columns,
    content: [{ type: 'output_text', text: 'Hello yourself', annotations: [] }],
    ...fields,
  };
}

/** An item that no client may see. */
export function aHiddenItem(fields: Partial<HiddenContextItem> = {}): HiddenContextItem {
  return { type: 'hidden_context_item', id: 'msg_hidden', ...columns, content: 'for the model only', ...fields };
}

/** An untitled, active thread. */
export function aThread(fields: Partial<ThreadMetadata> = {}): ThreadMetadata {
  return { id: 'thr_1', created_at: columns.created_at, status: { type: 'active' }, metadata: {}, ...fields };
}

/** The events of one part of an answer, without those of the item around it. */
export function partEvents(itemId: string, index: number, deltas: readonly string[]): ThreadStreamEvent[] {
  const part = (text: string) => ({
    content_index: index,
    content: { type: 'output_text' as const, text, annotations: [] },
  });
  return [
    updated(itemId, { type: 'assistant_message.content_part.added', ...part('') }),
    ...deltas.map((delta) => textDelta(itemId, index, delta)),
    updated(itemId, { type: 'assistant_message.content_part.done', ...part(deltas.join('')) }),
  ];
}

/** A piece of text. */
export function textDelta(itemId: string, index: number, delta: string): ThreadStreamEvent {
  return updated(itemId, { type: 'assistant_message.content_part.text_delta', content_index: index, delta });
}

/** The events of a whole answer; one list of deltas for each part. */
export function answerEvents(id: string, parts: readonly (readonly string[])[]): ThreadStreamEvent[] {
  const content = parts.map((deltas) => ({ type: 'output_text' as const, text: deltas.join(''), annotations: [] }));
  return [
    { type: 'thread.item.added', item: anAssistantMessage({ id, content: [] }) },
    ...parts.flatMap((deltas, index) => partEvents(id, index, deltas)),
    { type: 'thread.item.done', item: anAssistantMessage({ id, content }) },
  ];
}

/** A change of an item. */
export function updated(
  item_id: string,
  update: Extract<ThreadStreamEvent, { type: 'thread.item.updated' }>['update'],
): ThreadStreamEvent {
  return { type: 'thread.item.updated', item_id, update };
}
