import type {
  ResponseCreateParamsStreaming,
  ResponseIncludable,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseOutputText,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';

// The vendor's own types of https://platform.openai.com/docs/api-reference/responses/create, by our names.

/** Request body of `POST /responses`. */
export type ResponsesRequest = Omit<ResponseCreateParamsStreaming, 'input'> & { input: InputItem[] };

/** The vendor's types ask for ids that only a stored answer has; the API takes items without them. */
export type InputItem = ResponseInputItem | Omit<ResponseOutputMessage, 'id' | 'status'> | ReplayedReasoning;

/** A thought, exactly as it came. */
type ReplayedReasoning = Readonly<Record<string, unknown>> & { readonly type: 'reasoning' };

export type InputContent = ResponseInputContent;

export type Include = ResponseIncludable;

/** What the events of a stream are called. The last two are other servers': a stopped response, and an older name for a complete one. */
export type ResponseEventType = ResponseStreamEvent['type'] | 'response.cancelled' | 'response.done';

/** What the items of an answer are called. */
export type OutputItemType = ResponseOutputItem['type'];

/** What the annotations of a text are called. */
export type AnnotationType = ResponseOutputText['annotations'][number]['type'];
