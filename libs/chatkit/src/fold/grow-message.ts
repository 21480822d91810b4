import type {
  AssistantContentPart,
  AssistantMessageItem,
  AssistantMessageUpdate,
} from '../protocol/assistant-message.js';

/** A message after one of its updates, [UP-1] to [UP-4]. */
export function growMessage(item: AssistantMessageItem, update: AssistantMessageUpdate): AssistantMessageItem {
  return withPart(item, update.content_index, (part) => growPart(part, update));
}

function growPart(part: AssistantContentPart, update: AssistantMessageUpdate): AssistantContentPart {
  switch (update.type) {
    case 'assistant_message.content_part.added':
      return update.content;
    case 'assistant_message.content_part.text_delta':
      // Linear over a whole message: the engine chains the pieces and joins them once, when they are read.
      return { ...part, text: part.text + update.delta };
    case 'assistant_message.content_part.annotation_added':
      return { ...part, annotations: part.annotations.toSpliced(update.annotation_index, 1, update.annotation) };
    case 'assistant_message.content_part.done':
      return finish(part, update.content);
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

// The end of a part repeats its text but not its annotations [UP-3], so an empty list there means nothing.
function finish(part: AssistantContentPart, final: AssistantContentPart): AssistantContentPart {
  return final.annotations.length > 0 ? final : { ...final, annotations: part.annotations };
}
