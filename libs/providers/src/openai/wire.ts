import * as z from 'zod';

// Shapes of https://platform.openai.com/docs/api-reference/chat, as far as we use them and as forgiving as the servers that
// copy it need. Chunks of a stream are the one exception: a schema costs more than reading them does (1.2 us against 0.2 us a
// token), so `from-wire.ts` looks at each field as it takes it.

const word = z.union([z.string(), z.number()]).nullish();

const ErrorObject = z.object({
  message: z.unknown().optional(),
  detail: z.unknown().optional(),
  code: word,
  type: word,
});

/** `{error: {...}}`, `{error: "..."}`, or the fields at the top (Mistral, Hugging Face). */
export const ErrorBody = ErrorObject.extend({ error: z.union([z.string(), ErrorObject]).nullish() });
export type ErrorBody = z.output<typeof ErrorBody>;

const Models = z.array(z.object({ id: z.string() }));

/** `GET /models`. Together answers with the bare list; Ollama's list is null while it has no models. */
export const ModelList = z.union([Models, z.object({ data: Models.nullish() })]);

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
}
