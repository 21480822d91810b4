import { type Fields, listOf, optionalText, text } from '../read-fields.js';

/** A file that a message came with; images have a preview [AT-1]. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mime_type: string;
  readonly preview_url?: string | undefined;
}

const readAttachment = (value: Fields): Attachment => ({
  id: text(value['id']),
  name: text(value['name']),
  mime_type: text(value['mime_type']),
  preview_url: optionalText(value['preview_url']),
});

export const readAttachments = (value: unknown): Attachment[] => listOf(value).map(readAttachment);
