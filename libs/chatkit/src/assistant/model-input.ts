/** Bytes of an image or file: a URL that the provider fetches, or base64 without a `data:` prefix. */
export type ModelInputData =
  { readonly type: 'url'; readonly url: string } | { readonly type: 'base64'; readonly data: string };

/** A piece of the model's input: text, a picture (`image/*`) or another document. */
export type ModelInputPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: string; readonly data: ModelInputData; readonly name?: string }
  | { readonly type: 'file'; readonly mediaType: string; readonly data: ModelInputData; readonly name?: string };

/** A tool call of the model; `arguments` is JSON text. */
export interface ModelToolCall {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

/** The result of a tool call; `output` is text for the model, JSON when the result is not text. */
export interface ModelToolResult {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name: string;
  readonly output: string;
}

/** One message of a prompt, whose messages are oldest first; the same for all providers. */
export type ModelMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: readonly ModelInputPart[] }
  | {
      readonly role: 'assistant';
      readonly content: readonly (Extract<ModelInputPart, { type: 'text' }> | ModelToolCall)[];
    }
  | { readonly role: 'tool'; readonly content: readonly ModelToolResult[] };

/** Settings of a model call; absent means the provider's default. Ranges are checked by the provider library. */
export interface ModelSettings {
  /** Upper limit of the answer in tokens. */
  readonly maxTokens?: number;
  /** 0 to 2. */
  readonly temperature?: number;
  /** Greater than 0, at most 1. */
  readonly topP?: number;
  readonly topK?: number;
  /** -2 to 2. */
  readonly frequencyPenalty?: number;
  /** -2 to 2. */
  readonly presencePenalty?: number;
  readonly stop?: string[];
  readonly seed?: number;
  readonly reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
}

/** Extra request fields by provider id, in the provider's own format. */
export type ModelProviderOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A user message with this text. */
export const userText = (text: string): ModelMessage => ({ role: 'user', content: [{ type: 'text', text }] });
