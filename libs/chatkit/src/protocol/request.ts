import { z } from 'zod';
import { ActionRequest } from './action.js';
import { boundedList } from './bounded.js';
import { JsonObjectOrEmpty, orAbsent } from './json.js';
import { DEFAULT_PAGE_LIMIT, PageLimit } from './page.js';
import { Id } from './id.js';
import { explainIssue } from './request-issues.js';
import { StructuredSubmission } from './structured-input.js';
import { plainText } from './text.js';
import { UserInput } from './user-input.js';

/** `type` and `params` are required, `metadata` is an object or missing [RQ-1] [RQ-2]; other keys are dropped [RQ-3]. */
function requestSchema<Type extends string, Params extends z.ZodRawShape>(type: Type, params: Params) {
  return z.object({ type: z.literal(type), params: z.object(params), metadata: JsonObjectOrEmpty });
}

/** [PG-1] [PG-2] */
const paging = {
  limit: orAbsent(PageLimit).transform((limit) => limit || DEFAULT_PAGE_LIMIT),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: orAbsent(Id),
};

/** Starts a thread with its first message [RQ-10]. */
const ThreadsCreate = requestSchema('threads.create', { input: UserInput });
/** Adds a message to a thread [RQ-11]. */
const ThreadsAddUserMessage = requestSchema('threads.add_user_message', { thread_id: Id, input: UserInput });
/** Answers a user message again, without what came after it [RQ-12]. */
const ThreadsRetryAfterItem = requestSchema('threads.retry_after_item', { thread_id: Id, item_id: Id });
/** What the page's tool returned [RQ-16]; null is a result, a missing key is not. */
const ThreadsAddClientToolOutput = requestSchema('threads.add_client_tool_output', {
  thread_id: Id,
  result: z.custom<unknown>((result) => result !== undefined, { error: 'is required' }),
});
/** What the user put into a form [RQ-17]. */
const ThreadsAddStructuredInput = requestSchema('threads.add_structured_input', {
  thread_id: Id,
  item_id: Id,
  input: StructuredSubmission,
});

const action = { thread_id: Id, item_id: orAbsent(Id), action: ActionRequest };
/** A click in a widget that is answered with events [RQ-18]. */
const ThreadsCustomAction = requestSchema('threads.custom_action', action);
/** A click in a widget that is answered with JSON [RQ-19]. */
const ThreadsSyncCustomAction = requestSchema('threads.sync_custom_action', action);

/** Reads a thread with its oldest page of items [RQ-13]. */
const ThreadsGetById = requestSchema('threads.get_by_id', { thread_id: Id });
/** Reads a page of threads [RQ-14]. */
const ThreadsList = requestSchema('threads.list', paging);
/** Renames a thread [RQ-20]. */
const ThreadsUpdate = requestSchema('threads.update', { thread_id: Id, title: plainText('title') });
/** Deletes a thread and its items [RQ-21]. */
const ThreadsDelete = requestSchema('threads.delete', { thread_id: Id });
/** Reads a page of a thread's items [RQ-15]. */
const ItemsList = requestSchema('items.list', { thread_id: Id, ...paging });
/** Thumbs up or down for some items [RQ-24]. */
const ItemsFeedback = requestSchema('items.feedback', {
  thread_id: Id,
  item_ids: boundedList('feedback.items', Id, explainIssue),
  kind: z.enum(['positive', 'negative']),
});
/** Announces a file of `size` bytes for a two-phase upload [RQ-22]. */
const AttachmentsCreate = requestSchema('attachments.create', {
  name: plainText('file.name'),
  size: z.int().min(0),
  mime_type: plainText('media.type'),
});
/** Deletes a file's bytes and its record [RQ-23]. */
const AttachmentsDelete = requestSchema('attachments.delete', { attachment_id: Id });
/** Turns speech into text [RQ-25]; parameters of the media type, such as the codec, may follow it. */
const InputTranscribe = requestSchema('input.transcribe', {
  audio_base64: z.base64(),
  mime_type: plainText('media.type'),
});

/** Every request, discriminated by `type` alone [TR-1]. */
export const ChatKitRequest = z.discriminatedUnion('type', [
  ThreadsCreate,
  ThreadsAddUserMessage,
  ThreadsRetryAfterItem,
  ThreadsAddClientToolOutput,
  ThreadsAddStructuredInput,
  ThreadsCustomAction,
  ThreadsSyncCustomAction,
  ThreadsGetById,
  ThreadsList,
  ThreadsUpdate,
  ThreadsDelete,
  ItemsList,
  ItemsFeedback,
  AttachmentsCreate,
  AttachmentsDelete,
  InputTranscribe,
]);
export type ChatKitRequest = z.output<typeof ChatKitRequest>;

/** The name of a request. */
export type RequestType = ChatKitRequest['type'];

/** One request by its name, for example `RequestOf<'items.list'>`. */
export type RequestOf<Type extends RequestType> = Extract<ChatKitRequest, { type: Type }>;

// A total record: a new request does not compile until it is decided how it is answered.
const answers = {
  'threads.create': 'stream',
  'threads.add_user_message': 'stream',
  'threads.retry_after_item': 'stream',
  'threads.add_client_tool_output': 'stream',
  'threads.add_structured_input': 'stream',
  'threads.custom_action': 'stream',
  'threads.sync_custom_action': 'json',
  'threads.get_by_id': 'json',
  'threads.list': 'json',
  'threads.update': 'json',
  'threads.delete': 'json',
  'items.list': 'json',
  'items.feedback': 'json',
  'attachments.create': 'json',
  'attachments.delete': 'json',
  'input.transcribe': 'json',
} as const satisfies Record<RequestType, 'stream' | 'json'>;

type Answered<How> = { [Type in RequestType]: (typeof answers)[Type] extends How ? Type : never }[RequestType];

/** The requests that answer with an event stream; the others answer with JSON [TR-3]. */
export type StreamingRequest = RequestOf<Answered<'stream'>>;
export type JsonRequest = RequestOf<Answered<'json'>>;

/** Whether the answer is an event stream: the type alone decides, never a header [TR-2] [TR-3]. */
export function isStreamingRequest(request: ChatKitRequest): request is StreamingRequest {
  return answers[request.type] === 'stream';
}

/** Whether there is a request of this name. */
export function isRequestType(type: string): type is RequestType {
  return Object.hasOwn(answers, type);
}
