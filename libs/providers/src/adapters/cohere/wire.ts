import type { Cohere } from 'cohere-ai';
import * as z from 'zod';

// The vendor's own types of https://docs.cohere.com/reference/chat-stream, by our names; its SDK writes their fields in snake case.

/** Request of `POST /v2/chat`. */
export interface CohereRequest extends Cohere.V2ChatStreamRequest {
  /** Fields of the body as Cohere's documents name them, which the SDK does not touch; they win over the others. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export type CohereMessage = Cohere.ChatMessageV2;

export type UserContent = Cohere.Content;

export type AssistantTurn = Cohere.ChatMessageV2.Assistant;

export type AssistantContent = Cohere.AssistantMessageV2ContentOneItem;

export type CohereToolCall = Cohere.ToolCallV2;

/** What the events of a stream are called. */
export type CohereEventType = Cohere.V2ChatStreamResponse['type'];

/** `GET /v1/models` (https://docs.cohere.com/reference/list-models). */
export const ModelList = z.object({ models: z.array(z.unknown()) });
