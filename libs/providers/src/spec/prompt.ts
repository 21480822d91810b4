/** Bytes of an image or file: a URL that the provider fetches, or base64 without a `data:` prefix. */
export type FileData =
  { readonly type: 'url'; readonly url: string } | { readonly type: 'base64'; readonly data: string };

/** Plain text; may be empty. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** A picture, for models with the `vision` capability. `mediaType` is an `image/*` type. */
export interface ImagePart {
  readonly type: 'image';
  readonly mediaType: string;
  readonly data: FileData;
  /** The name of the file, of a picture that a person attached. */
  readonly name?: string;
}

/** Any other document, such as a PDF. `name` is the file's name. */
export interface FilePart {
  readonly type: 'file';
  readonly mediaType: string;
  readonly data: FileData;
  readonly name?: string;
}

/** A call that the model asked for in an earlier answer. `arguments` is the raw text as streamed, normally JSON. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

/**
 * Reasoning that a model needs back while it works with tools, as it came with `reasoning-replay`. It keeps its position:
 * before the texts and calls that followed from it. Opaque, and meant only for the `provider` (by id) that sent it, and
 * there for the same model and account; it never reaches others.
 */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly provider: string;
  /** Absent: any model of the provider. */
  readonly model?: string;
  /** See `LanguageModel.account`. Absent: any account. */
  readonly account?: string;
  /** Plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a tool answered; `callId` is that of the {@link ToolCallPart} in the assistant message before it. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name: string;
  readonly output: string;
}

/**
 * A text that the answer may use, such as one that was retrieved for the question. Its `id` is unique in the call and comes
 * back as `fileId` of the sources that name it; `url` is where a user can read it.
 */
export interface ModelDocument {
  readonly id?: string;
  readonly title?: string;
  readonly text: string;
  readonly url?: string;
}

/** System instructions. Adapters put them where their wire expects them. */
export interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}

/** What the user wrote and attached, in order. */
export interface UserMessage {
  readonly role: 'user';
  readonly content: readonly (TextPart | ImagePart | FilePart)[];
}

/** What the model answered in an earlier turn. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: readonly (TextPart | ToolCallPart | ReasoningPart)[];
}

/** Results of all the calls of the assistant message right before it. */
export interface ToolMessage {
  readonly role: 'tool';
  readonly content: readonly ToolResultPart[];
}

/** One message of a prompt, oldest first. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/**
 * A function the model may call. `parameters` is a JSON Schema whose root is an object. `strict`: the arguments must match
 * it exactly, which providers guarantee only for a part of JSON Schema; by default they need not.
 */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

/** `auto`: the model decides (default), `none`: no calls, `required`: at least one, or the one named function. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };
