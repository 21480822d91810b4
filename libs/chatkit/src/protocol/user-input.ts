import { z } from 'zod';
import { Id } from './id.js';
import { JsonObjectOrEmpty, orAbsent } from './json.js';

const InputText = z.object({ type: z.literal('input_text'), text: z.string() });

const InputTag = z.object({
  type: z.literal('input_tag'),
  id: z.string(),
  text: z.string(),
  data: JsonObjectOrEmpty,
  group: orAbsent(z.string()),
  interactive: z.boolean().default(false),
});

/** A piece of what the user wrote: text, or a mention of something the page knows [IT-3]. */
export const UserContentPart = z.discriminatedUnion('type', [InputText, InputTag]);
export type UserContentPart = z.output<typeof UserContentPart>;

/** What the user chose in the composer; `{}` when nothing [IT-9]. */
export const InferenceOptions = z.object({
  model: orAbsent(z.string()),
  tool_choice: orAbsent(z.object({ id: z.string() })),
});
export type InferenceOptions = z.output<typeof InferenceOptions>;

/** The `input` of `threads.create` and `threads.add_user_message` [RQ-10] [RQ-11]. */
export const UserInput = z.object({
  content: z.array(UserContentPart),
  attachments: z.array(Id),
  quoted_text: orAbsent(z.string()),
  inference_options: InferenceOptions,
});
export type UserInput = z.output<typeof UserInput>;
