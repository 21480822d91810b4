import { z } from 'zod';
import { ErrorEvent } from './error-code.js';
import { ThreadItem } from './item.js';
import { JsonObjectOrEmpty, orAbsent } from './json.js';
import { ItemUpdate } from './item-update.js';
import { Thread } from './thread.js';

/** Everything that a stream can carry, [EV-1] to [EV-12]. Null fields are absent [SER-1]. */
export const ThreadStreamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread.created'), thread: Thread }),
  z.object({ type: z.literal('thread.updated'), thread: Thread }),
  z.object({ type: z.literal('stream_options'), stream_options: z.object({ allow_cancel: z.boolean() }) }),
  z.object({ type: z.literal('thread.item.added'), item: ThreadItem }),
  z.object({ type: z.literal('thread.item.updated'), item_id: z.string(), update: ItemUpdate }),
  z.object({ type: z.literal('thread.item.done'), item: ThreadItem }),
  z.object({ type: z.literal('thread.item.removed'), item_id: z.string() }),
  z.object({ type: z.literal('thread.item.replaced'), item: ThreadItem }),
  z.object({ type: z.literal('progress_update'), text: z.string(), icon: orAbsent(z.string()) }),
  ErrorEvent,
  z.object({ type: z.literal('client_effect'), name: z.string(), data: JsonObjectOrEmpty }),
  z.object({
    type: z.literal('notice'),
    level: z.enum(['info', 'warning', 'danger']),
    message: z.string(),
    title: orAbsent(z.string()),
  }),
]);
export type ThreadStreamEvent = z.output<typeof ThreadStreamEvent>;

/** The name of an event. */
export type EventType = ThreadStreamEvent['type'];

/** One event by its name, for example `EventOf<'thread.item.done'>`. */
export type EventOf<Type extends EventType> = Extract<ThreadStreamEvent, { type: Type }>;
