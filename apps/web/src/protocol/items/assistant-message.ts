import { type Fields, fields, indexOf, listOf, text } from '../read-fields.js';
import type { ItemFields } from './item-fields.js';
import { type Annotation, readAnnotation } from './source.js';

export interface TextPart {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly Annotation[];
}

export interface AssistantMessage extends ItemFields {
  readonly type: 'assistant_message';
  readonly content: readonly TextPart[];
}

/** [UP-1] to [UP-4]. */
export type MessageUpdate =
  | {
      readonly type: 'part';
      readonly index: number;
      readonly text: string;
      readonly annotations: readonly Annotation[];
    }
  | { readonly type: 'delta'; readonly index: number; readonly delta: string }
  | { readonly type: 'annotation'; readonly index: number; readonly place: number; readonly annotation: Annotation };

export function readAssistantMessage(own: ItemFields, item: Fields): AssistantMessage {
  return { ...own, type: 'assistant_message', content: listOf(item['content']).map(readPart) };
}

const readPart = (part: Fields): TextPart => ({
  type: 'output_text',
  text: text(part['text']),
  annotations: listOf(part['annotations']).flatMap((annotation) => readAnnotation(annotation) ?? []),
});

export function readMessageUpdate(update: Fields): MessageUpdate | undefined {
  const index = indexOf(update['content_index']);
  switch (update['type']) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.done': {
      const { text: content, annotations } = readPart(fields(update['content']) ?? {});
      return { type: 'part', index, text: content, annotations };
    }
    case 'assistant_message.content_part.text_delta':
      return { type: 'delta', index, delta: text(update['delta']) };
    case 'assistant_message.content_part.annotation_added': {
      const annotation = readAnnotation(fields(update['annotation']));
      return annotation && { type: 'annotation', index, place: indexOf(update['annotation_index']), annotation };
    }
    default:
      return undefined;
  }
}

export function growMessage(item: AssistantMessage, update: MessageUpdate): AssistantMessage {
  const part = item.content[update.index] ?? { type: 'output_text', text: '', annotations: [] };
  // A part beyond the end is appended.
  return { ...item, content: item.content.toSpliced(update.index, 1, growPart(part, update)) };
}

function growPart(part: TextPart, update: MessageUpdate): TextPart {
  switch (update.type) {
    case 'delta':
      return { ...part, text: part.text + update.delta };
    case 'annotation':
      return { ...part, annotations: part.annotations.toSpliced(update.place, 1, update.annotation) };
    case 'part': {
      // The end of a part repeats its text, but not always its annotations [UP-3].
      const { text: content, annotations } = update;
      return { ...part, text: content, annotations: annotations.length > 0 ? annotations : part.annotations };
    }
  }
}
