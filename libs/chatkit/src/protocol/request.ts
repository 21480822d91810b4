import { z } from 'zod';
import { JsonObjectOrEmpty, orAbsent } from './json.js';
import { DEFAULT_PAGE_LIMIT } from './page.js';
import { Id } from './id.js';
import { UserInput } from './user-input.js';

/** `type` and `params` are required, `metadata` is an object or missing [RQ-1] [RQ-2]; other keys are dropped [RQ-3]. */
function requestSchema<Type extends string, Params extends z.ZodRawShape>(type: Type, params: Params) {
  return z.object({ type: z.literal(type), params: z.object(params), metadata: JsonObjectOrEmpty });
}

/** [PG-1] [PG-2] */
const paging = {
  limit: orAbsent(z.int().min(0)).transform((limit) => limit || DEFAULT_PAGE_LIMIT),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: orAbsent(Id),
};

/** Starts a thread with its first message [RQ-10]. */
const ThreadsCreate = requestSchema('threads.create', { input: UserInput });
/** Adds a message to a thread [RQ-11]. */
const ThreadsAddUserMessage = requestSchema('threads.add_user_message', { thread_id: Id, input: UserInput });
/** Reads a thread with its oldest page of items [RQ-13]. */
const ThreadsGetById = requestSchema('threads.get_by_id', { thread_id: Id });
/** Reads a page of threads [RQ-14]. */
const ThreadsList = requestSchema('threads.list', paging);
/** Reads a page of a thread's items [RQ-15]. */
const ItemsList = requestSchema('items.list', { thread_id: Id, ...paging });

/** Every request that is served, told apart by `type` alone [TR-1]. */
export const ChatKitRequest = z.discriminatedUnion('type', [
  ThreadsCreate,
  ThreadsAddUserMessage,
  ThreadsGetById,
  ThreadsList,
  ItemsList,
]);
export type ChatKitRequest = z.output<typeof ChatKitRequest>;

/** The name of a served request. */
export type RequestType = ChatKitRequest['type'];

/** One request by its name, for example `RequestOf<'items.list'>`. */
export type RequestOf<Type extends RequestType> = Extract<ChatKitRequest, { type: Type }>;

/** The requests that answer with an event stream; the others answer with JSON [TR-3]. */
export type StreamingRequest = RequestOf<'threads.create' | 'threads.add_user_message'>;

// A total record: a new request does not compile until somebody has said how it is answered.
const streams: Record<RequestType, boolean> = {
  'threads.create': true,
  'threads.add_user_message': true,
  'threads.get_by_id': false,
  'threads.list': false,
  'items.list': false,
};

/** Whether the answer is an event stream: the type alone decides, never a header [TR-2] [TR-3]. */
export function isStreamingRequest(request: ChatKitRequest): request is StreamingRequest {
  return streams[request.type];
}

/** Whether a request of this name is served. */
export function isServed(type: string): type is RequestType {
  return Object.hasOwn(streams, type);
}
