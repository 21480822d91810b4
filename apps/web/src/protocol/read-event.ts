import type { ChatEvent, Item, ItemUpdate, NoticeLevel, Thread } from './types.js';

type Fields = Readonly<Record<string, unknown>>;

/** Reads one event from the wire; undefined if this page does not use it. Never throws. */
export function readEvent(json: string): ChatEvent | undefined {
  const event = parse(json);
  if (!event) return undefined;
  switch (event['type']) {
    case 'thread.created':
    case 'thread.updated':
      return thread(event['thread'], event['type'] === 'thread.created');
    case 'stream_options':
      return { type: 'options', allowCancel: fields(event['stream_options'])?.['allow_cancel'] === true };
    case 'thread.item.added':
      return withItem('item.added', event);
    case 'thread.item.done':
      return withItem('item.done', event);
    case 'thread.item.replaced':
      return withItem('item.replaced', event);
    case 'thread.item.updated':
      return { type: 'item.updated', id: text(event['item_id']), update: readUpdate(fields(event['update'])) };
    case 'thread.item.removed':
      return { type: 'item.removed', id: text(event['item_id']) };
    default:
      return remark(event);
  }
}

/** Events that do not concern items. */
function remark(event: Fields): ChatEvent | undefined {
  const message = optionalText(event['message']);
  switch (event['type']) {
    case 'progress_update':
      return { type: 'progress', text: text(event['text']) };
    case 'notice':
      return {
        type: 'notice',
        level: level(event['level']),
        title: optionalText(event['title']),
        message: message ?? '',
      };
    case 'error':
      return { type: 'error', message, allowRetry: event['allow_retry'] === true };
    default:
      return undefined;
  }
}

/** An item, or undefined if it is malformed. An item of an unknown type keeps its place. */
export function readItem(value: unknown): Item | undefined {
  const item = fields(value);
  if (!item || typeof item['id'] !== 'string') return undefined;
  const own = { id: item['id'], created_at: text(item['created_at']) };
  const content = Array.isArray(item['content']) ? item['content'].map((part) => fields(part) ?? {}) : [];
  switch (item['type']) {
    case 'user_message': {
      const model = optionalText(fields(item['inference_options'])?.['model']);
      const parts = content.map((part) => ({ type: text(part['type']), text: text(part['text']) }));
      return { ...own, type: 'user_message', content: parts, inference_options: { model } };
    }
    case 'assistant_message':
      return {
        ...own,
        type: 'assistant_message',
        content: content.map((part) => ({ type: 'output_text', text: text(part['text']) })),
      };
    default:
      return { ...own, type: 'other', kind: text(item['type']) };
  }
}

function withItem(type: 'item.added' | 'item.done' | 'item.replaced', event: Fields): ChatEvent | undefined {
  const item = readItem(event['item']);
  return item && { type, item };
}

function thread(value: unknown, created: boolean): ChatEvent | undefined {
  return typeof fields(value)?.['id'] === 'string' ? { type: 'thread', thread: value as Thread, created } : undefined;
}

function readUpdate(update: Fields = {}): ItemUpdate {
  const index = Number(update['content_index'] ?? 0);
  switch (update['type']) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.done':
      return { type: 'part', index, text: text(fields(update['content'])?.['text']) };
    case 'assistant_message.content_part.text_delta':
      return { type: 'delta', index, delta: text(update['delta']) };
    default:
      return { type: 'other' };
  }
}

function parse(json: string): Fields | undefined {
  try {
    return fields(JSON.parse(json));
  } catch {
    return undefined; // part of a line from a broken connection, which the end of the body reports as well
  }
}

const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const level = (value: unknown): NoticeLevel => (value === 'warning' || value === 'danger' ? value : 'info');
