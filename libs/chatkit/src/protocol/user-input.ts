import { z } from 'zod';
import { boundedList, boundedText } from './bounded.js';
import { Id } from './id.js';
import { JsonObjectOrEmpty, orAbsent } from './json.js';
import { explainIssue } from './request-issues.js';
import { exceeded, REQUEST_LIMITS } from './request-limits.js';

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

/** The limits of what is sent; what was stored earlier may be longer. */
const SentContent = boundedList(
  'message.parts',
  UserContentPart.refine(hasShortTag, exceeded('message.tag')),
  explainIssue,
).refine((parts) => parts.reduce((length, { text }) => length + text.length, 0) <= REQUEST_LIMITS['message.text'].max, {
  error: exceeded('message.text'),
});

function hasShortTag(part: UserContentPart): boolean {
  if (part.type === 'input_text') return true;
  return [part.id, part.text, part.group ?? ''].every(({ length }) => length <= REQUEST_LIMITS['message.tag'].max);
}

const SentOptions = z.object({ model: orAbsent(Id), tool_choice: orAbsent(z.object({ id: Id })) });

/** The `input` of `threads.create` and `threads.add_user_message` [RQ-10] [RQ-11]. */
export const UserInput = z.object({
  content: SentContent,
  attachments: boundedList('message.attachments', Id, explainIssue),
  quoted_text: orAbsent(boundedText('message.quote')),
  inference_options: SentOptions,
});
export type UserInput = z.output<typeof UserInput>;
