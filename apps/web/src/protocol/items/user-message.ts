import { type Fields, fields, listOf, optionalText, text } from '../read-fields.js';
import { type Attachment, readAttachments } from './attachment.js';
import type { ItemFields } from './item-fields.js';

/** A piece of what a person wrote; a tag is a mention of something that the page knows [IT-3]. */
export type UserPart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_tag'; readonly id: string; readonly text: string };

export interface UserMessage extends ItemFields {
  readonly type: 'user_message';
  readonly content: readonly UserPart[];
  readonly attachments: readonly Attachment[];
  readonly quoted_text?: string | undefined;
  readonly inference_options: { readonly model?: string | undefined; readonly tool_choice?: string | undefined };
}

export function readUserMessage(own: ItemFields, item: Fields): UserMessage {
  const options = fields(item['inference_options']) ?? {};
  return {
    ...own,
    type: 'user_message',
    content: listOf(item['content']).map(readPart),
    attachments: readAttachments(item['attachments']),
    quoted_text: optionalText(item['quoted_text']),
    inference_options: {
      model: optionalText(options['model']),
      tool_choice: optionalText(fields(options['tool_choice'])?.['id']),
    },
  };
}

/** A part of a newer kind is shown by its text. */
function readPart(part: Fields): UserPart {
  const content = text(part['text']);
  return part['type'] === 'input_tag'
    ? { type: 'input_tag', id: text(part['id']), text: content }
    : { type: 'input_text', text: content };
}
