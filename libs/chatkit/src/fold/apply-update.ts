import type {
  AssistantContentPart,
  AssistantMessageItem,
  AssistantMessageUpdate,
} from '../protocol/assistant-message.js';
import type { ItemUpdate } from '../protocol/item-update.js';
import type { OpenItem } from './thread-state.js';

/** An open item after one of its updates; updates that do not fit the item change nothing. */
export function applyUpdate(open: OpenItem, update: ItemUpdate): OpenItem {
  const { item, closedParts } = open;
  if (item.type !== 'assistant_message') return open;
  const at = 'content_index' in update ? update.content_index : 0;
  switch (update.type) {
    case 'assistant_message.content_part.added':
      return { item: withPart(item, at, () => update.content), closedParts };
    case 'assistant_message.content_part.text_delta':
      // Linear over a whole message: the engine chains the pieces and joins them once, when they are read.
      return { item: withPart(item, at, (part) => ({ ...part, text: part.text + update.delta })), closedParts };
    case 'assistant_message.content_part.annotation_added':
      return { item: withPart(item, at, (part) => annotate(part, update)), closedParts };
    case 'assistant_message.content_part.done':
      return {
        item: withPart(item, at, (part) => finish(part, update.content)),
        closedParts: new Set(closedParts).add(at),
      };
    default:
      return open;
  }
}

function withPart(
  item: AssistantMessageItem,
  index: number,
  change: (part: AssistantContentPart) => AssistantContentPart,
): AssistantMessageItem {
  const content = [...item.content];
  while (content.length <= index) content.push({ type: 'output_text', text: '', annotations: [] });
  content[index] = change(content[index] as AssistantContentPart);
  return { ...item, content };
}

function annotate(
  part: AssistantContentPart,
  { annotation_index, annotation }: Extract<AssistantMessageUpdate, { annotation_index: number }>,
): AssistantContentPart {
  return { ...part, annotations: part.annotations.toSpliced(annotation_index, 1, annotation) };
}

// The end of a part repeats its text but not its annotations [UP-3], so an empty list there says nothing.
function finish(part: AssistantContentPart, final: AssistantContentPart): AssistantContentPart {
  return final.annotations.length > 0 ? final : { ...final, annotations: part.annotations };
}
