// Request shapes of https://platform.openai.com/docs/api-reference/chat, as far as we use them.

/** Request body of `POST /chat/completions`. */
export interface ChatRequest extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: true;
}

export type ChatMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly ChatContent[] }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: readonly ChatToolCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export type ChatContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'file'; readonly file: { readonly filename: string; readonly file_data: string } };

export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
  /** What the server had attached to the call. */
  readonly extra_content?: unknown;
}
