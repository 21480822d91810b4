import { z } from 'zod';
import { Attachment } from './attachment.js';
import { itemFields } from './item-fields.js';
import { orAbsent } from './json.js';
import { InferenceOptions, UserContentPart } from './user-input.js';

/** What the user said, with snapshots of what was attached [IT-2] [AT-4]. */
export const UserMessageItem = z.object({
  type: z.literal('user_message'),
  ...itemFields,
  content: z.array(UserContentPart),
  attachments: z.array(Attachment).default(() => []),
  quoted_text: orAbsent(z.string()),
  inference_options: InferenceOptions.default(() => ({})),
});
export type UserMessageItem = z.output<typeof UserMessageItem>;
