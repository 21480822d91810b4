import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ThreadItem } from '../protocol/item.js';

// A total record: a new kind of item does not compile until it is decided who may see it.
const hidden: Record<ThreadItem['type'], boolean> = {
  user_message: false,
  assistant_message: false,
  client_tool_call: false,
  widget: false,
  generated_image: false,
  structured_input: false,
  workflow: false,
  task: false,
  hidden_context_item: true,
  sdk_hidden_context: true,
  end_of_turn: false,
};

/** Whether an item is for the model only [HD-1] [HD-2]. */
export function isHidden(item: ThreadItem): boolean {
  return hidden[item.type];
}

/** The items that a client may see, in their order [HD-1]. */
export function visibleItems(items: readonly ThreadItem[]): ThreadItem[] {
  return items.filter((item) => !isHidden(item));
}

/** The event, or undefined when it carries a hidden item and must not be sent [HD-1]. */
export function visibleEvent(event: ThreadStreamEvent): ThreadStreamEvent | undefined {
  switch (event.type) {
    case 'thread.item.added':
    case 'thread.item.done':
    case 'thread.item.replaced':
      return isHidden(event.item) ? undefined : event;
    case 'thread.created':
    case 'thread.updated':
      return event.thread.items.data.some(isHidden) ? withVisiblePage(event) : event;
    case 'thread.item.updated':
    case 'thread.item.removed':
    case 'stream_options':
    case 'progress_update':
    case 'client_effect':
    case 'notice':
    case 'error':
      return event;
  }
}

function withVisiblePage<E extends Extract<ThreadStreamEvent, { thread: unknown }>>(event: E): E {
  const items = { ...event.thread.items, data: visibleItems(event.thread.items.data) };
  return { ...event, thread: { ...event.thread, items } };
}
