import { z } from 'zod';
import { itemFields } from './item-fields.js';
import { Annotation } from './source.js';

/** A piece of an answer's text. */
export const AssistantContentPart = z.object({
  type: z.literal('output_text').default('output_text'),
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
