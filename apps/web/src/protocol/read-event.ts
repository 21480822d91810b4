import { isHidden, readItem, readUpdate } from './items/index.js';
import { type Fields, fields, optionalText, text } from './read-fields.js';
import type { ChatEvent, NoticeLevel, Thread } from './types.js';

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
      return { type: 'item.updated', id: text(event['item_id']), update: readUpdate(event['update']) };
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
      return { type: 'progress', text: text(event['text']), icon: optionalText(event['icon']) };
    case 'client_effect':
      return { type: 'effect', name: text(event['name']), data: fields(event['data']) ?? {} };
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

function withItem(type: 'item.added' | 'item.done' | 'item.replaced', event: Fields): ChatEvent | undefined {
  const value = fields(event['item']);
  // What turns into a hidden item is no longer shown.
  if (value && isHidden(value)) return { type: 'item.removed', id: text(value['id']) };
  const item = readItem(value);
  return item && { type, item };
}

function thread(value: unknown, created: boolean): ChatEvent | undefined {
  return typeof fields(value)?.['id'] === 'string' ? { type: 'thread', thread: value as Thread, created } : undefined;
}

function parse(json: string): Fields | undefined {
  try {
    return fields(JSON.parse(json));
  } catch {
    return undefined; // part of a line from a broken connection, which the end of the body reports as well
  }
}

const level = (value: unknown): NoticeLevel => (value === 'warning' || value === 'danger' ? value : 'info');
