import * as z from 'zod';

// Shapes of https://docs.cohere.com/reference/chat, as far as we use them. Events of a stream have no schema: one costs more
// than reading them does.

/** Request body of `POST /v2/chat`. */
export interface CohereRequest extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly messages: readonly CohereMessage[];
  readonly stream: true;
}

export type CohereMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly UserContent[] }
  | AssistantTurn
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export type UserContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

export interface AssistantTurn {
  readonly role: 'assistant';
  readonly content?: string | readonly AssistantContent[];
  /** What the model said it would do with its tools. */
  readonly tool_plan?: string;
  readonly tool_calls?: readonly CohereToolCall[];
}

export type AssistantContent =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'thinking'; readonly thinking: string };

export interface CohereToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** `GET /v1/models` (https://docs.cohere.com/reference/list-models). */
export const ModelList = z.object({
  models: z.array(z.object({ name: z.string(), is_deprecated: z.boolean().nullish() })),
});
