// Request shapes of https://docs.ollama.com/api/chat, as far as we use them.

/** Request body of `POST /api/chat`. */
export interface OllamaRequest extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly messages: readonly OllamaMessage[];
  readonly stream: true;
}

export interface OllamaMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Base64 without a `data:` prefix. */
  readonly images?: readonly string[];
  readonly thinking?: string;
  readonly tool_calls?: readonly OllamaToolCall[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

export interface OllamaToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
}
