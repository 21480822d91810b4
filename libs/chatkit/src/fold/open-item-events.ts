import type { AssistantContentPart, AssistantMessageUpdate } from '../protocol/assistant-message.js';
import type { ThreadStreamEvent } from '../protocol/event.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { OpenItem } from './thread-state.js';

/**
 * The fewest events that show a new reader an item that is not finished: `added` with the item's current content, and
 * updates only for what clients expect to grow, the text of a message [GF-2] and the previews of an image [IM-1].
 */
export function openItemEvents({ item, closedParts, preview }: OpenItem): ThreadStreamEvent[] {
  if (item.type === 'assistant_message') {
    const updates = item.content.flatMap((part, index) => partUpdates(part, index, closedParts.has(index)));
    return announced({ ...item, content: [] }, updates);
  }
  return item.type === 'generated_image' && preview
    ? announced({ ...item, image: undefined }, [preview])
    : announced(item, []);
}

function announced(item: OpenItem['item'], updates: readonly ItemUpdate[]): ThreadStreamEvent[] {
  return [
    { type: 'thread.item.added', item },
    ...updates.map((update): ThreadStreamEvent => ({ type: 'thread.item.updated', item_id: item.id, update })),
  ];
}

/** A part with the events that clients expect [GF-2] [GF-14], with all its text in one delta. */
function partUpdates(part: AssistantContentPart, content_index: number, closed: boolean): AssistantMessageUpdate[] {
  const { type, text, annotations } = part;
  const updates: AssistantMessageUpdate[] = [
    { type: 'assistant_message.content_part.added', content_index, content: { type, text: '', annotations: [] } },
  ];
  if (text) updates.push({ type: 'assistant_message.content_part.text_delta', content_index, delta: text });
  annotations.forEach((annotation, annotation_index) => {
    const place = { content_index, annotation_index };
    updates.push({ type: 'assistant_message.content_part.annotation_added', ...place, annotation });
  });
  if (closed) {
    const content = { type, text, annotations: [] };
    updates.push({ type: 'assistant_message.content_part.done', content_index, content });
  }
  return updates;
}
