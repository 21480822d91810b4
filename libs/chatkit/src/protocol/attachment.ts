import { z } from 'zod';
import { orAbsent } from './json.js';

const UploadDescriptor = z.object({
  url: z.string(),
  method: z.enum(['POST', 'PUT']),
  headers: z.record(z.string(), z.string()).default(() => ({})),
});

const attachmentFields = {
  id: z.string(),
  name: z.string(),
  mime_type: z.string(),
  upload_descriptor: orAbsent(UploadDescriptor),
  thread_id: orAbsent(z.string()),
};

/** An attachment as a client sees it. It has no private metadata and no size, so neither can be sent [SER-5]. */
export const Attachment = z.discriminatedUnion('type', [
  z.object({ type: z.literal('file'), ...attachmentFields }),
  z.object({ type: z.literal('image'), ...attachmentFields, preview_url: z.string() }),
]);
export type Attachment = z.output<typeof Attachment>;
