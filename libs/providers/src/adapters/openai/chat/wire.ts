import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';

// The vendor's own types of https://platform.openai.com/docs/api-reference/chat, by our names.

/** Request body of `POST /chat/completions`, possibly with fields that only some servers know. */
export type ChatRequest = ChatCompletionCreateParamsStreaming;

export type ChatMessage = ChatCompletionMessageParam;

export type ChatContent = ChatCompletionContentPart;
