import { z } from 'zod';
import { ThreadItem } from './item.js';
import { JsonObjectOrEmpty, orAbsent, Timestamp } from './json.js';
import { pageSchema } from './page.js';

/** Advice to the client's composer [TH-2] [TH-6]; `reason` is text for the user. */
export const ThreadStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('active') }),
  z.object({ type: z.literal('locked'), reason: orAbsent(z.string()) }),
  z.object({ type: z.literal('closed'), reason: orAbsent(z.string()) }),
]);
export type ThreadStatus = z.output<typeof ThreadStatus>;

const threadFields = {
  id: z.string(),
  created_at: Timestamp,
  title: orAbsent(z.string()),
  status: ThreadStatus.default(() => ({ type: 'active' as const })),
  allowed_image_domains: orAbsent(z.array(z.string())),
};

/** A thread as the server holds it: no items, and `metadata` that never leaves the server [TH-3]. */
export const ThreadMetadata = z.object({ ...threadFields, metadata: JsonObjectOrEmpty });
export type ThreadMetadata = z.output<typeof ThreadMetadata>;

/** A thread as a client sees it: `metadata` is always `{}` [TH-1] [TH-3]. */
export const Thread = z.object({
  ...threadFields,
  metadata: JsonObjectOrEmpty.transform((): Record<string, never> => ({})),
  items: pageSchema(ThreadItem),
});
export type Thread = z.output<typeof Thread>;
