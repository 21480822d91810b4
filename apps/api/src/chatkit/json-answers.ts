import { z } from 'zod';
import { Attachment, pageSchema, Thread, ThreadItem } from '#chatkit';

/** What the requests that are answered with JSON are answered with, see `json-operations.ts`. */
export const JsonAnswer = z.union([
  Thread,
  pageSchema(Thread),
  pageSchema(ThreadItem),
  Attachment,
  /** Of `threads.sync_custom_action`. */
  z.strictObject({ updated_item: ThreadItem.nullish() }),
  /** Of `input.transcribe`. */
  z.strictObject({ text: z.string() }),
  /** Of what is deleted or noted. */
  z.strictObject({}),
]);
