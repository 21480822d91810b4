// Request shapes of https://platform.openai.com/docs/api-reference/responses/create, as far as we use them.

/** Request body of `POST /responses`. */
export interface ResponsesRequest extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly instructions: string | undefined;
  readonly input: readonly InputItem[];
  readonly stream: true;
}

export type InputItem =
  | { readonly type: 'message'; readonly role: 'system'; readonly content: string }
  | { readonly type: 'message'; readonly role: 'user'; readonly content: readonly InputContent[] }
  | { readonly type: 'message'; readonly role: 'assistant'; readonly content: readonly OutputText[] }
  | { readonly type: 'function_call'; readonly call_id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string }
  | (Readonly<Record<string, unknown>> & { readonly type: 'reasoning' });

export type InputContent =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string; readonly detail: 'auto' }
  | { readonly type: 'input_file'; readonly filename: string; readonly file_data: string }
  | { readonly type: 'input_file'; readonly file_url: string };

/** Text of an earlier answer. Some servers require the list, although annotations are never sent back. */
export interface OutputText {
  readonly type: 'output_text';
  readonly text: string;
  readonly annotations: readonly [];
}
