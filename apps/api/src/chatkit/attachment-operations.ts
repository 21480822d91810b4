import type { Attachment, RequestOf } from '#chatkit';
import type { Caller } from './caller.js';
import type { JsonDeps } from './json-deps.js';

/** First phase of an upload (RQ-22). */
export function createAttachment(
  { attachments }: JsonDeps,
  { auth, urlOf }: Caller,
  params: RequestOf<'attachments.create'>['params'],
): Promise<Attachment> {
  const { name, mime_type: mimeType, size } = params;
  return attachments.announce(auth, { name, mimeType }, size, urlOf);
}

export async function deleteAttachment(
  { attachments }: JsonDeps,
  { auth }: Caller,
  params: RequestOf<'attachments.delete'>['params'],
): Promise<object> {
  await attachments.delete(auth, params.attachment_id);
  return {};
}
