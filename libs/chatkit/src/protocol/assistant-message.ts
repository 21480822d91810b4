import { z } from 'zod';
import { itemFields } from './item-fields.js';

/** A citation in a part's text [AN-1]. Kept as it came: its sources are not modelled yet. */
export const Annotation = z.looseObject({ type: z.literal('annotation') });
export type Annotation = z.output<typeof Annotation>;

/** A piece of an answer's text. */
export const AssistantContentPart = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(Annotation).default(() => []),
});
export type AssistantContentPart = z.output<typeof AssistantContentPart>;

/** What the assistant said [IT-4]. */
export const AssistantMessageItem = z.object({
  type: z.literal('assistant_message'),
  ...itemFields,
  content: z.array(AssistantContentPart),
});
export type AssistantMessageItem = z.output<typeof AssistantMessageItem>;

const content_index = z.int().min(0);

/** How an assistant message grows: [UP-1] to [UP-4], in this order. */
export const AssistantMessageUpdate = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('assistant_message.content_part.added'),
    content_index,
    content: AssistantContentPart,
  }),
  z.object({
    type: z.literal('assistant_message.content_part.text_delta'),
    content_index,
    delta: z.string(),
  }),
  z.object({
    type: z.literal('assistant_message.content_part.done'),
    content_index,
    content: AssistantContentPart,
  }),
  z.object({
    type: z.literal('assistant_message.content_part.annotation_added'),
    content_index,
    annotation_index: z.int().min(0),
    annotation: Annotation,
  }),
]);
export type AssistantMessageUpdate = z.output<typeof AssistantMessageUpdate>;
