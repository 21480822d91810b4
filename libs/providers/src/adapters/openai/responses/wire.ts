import type {
  ResponseCreateParamsStreaming,
  ResponseIncludable,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputMessage,
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
