import type { ModelRef } from './model-ref.js';
import type { ReasoningPart } from './prompt.js';
import type { Usage } from './usage.js';

/**
 * Why a model stopped, as our value and the provider's (null when it gave none). Whether tools must be run follows from the
 * tool-call parts, not from this: OpenAI's Responses ends such an answer with `completed`, as any other, and that is `stop`.
 */
export interface FinishReason {
  readonly unified: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'pause' | 'error' | 'other';
  readonly raw: string | null;
}

/** A page that the answer is based on. Indices are offsets into the text of the block, as the provider gave them. */
export interface UrlSource {
  readonly type: 'url';
  readonly url: string;
  readonly title?: string;
  readonly startIndex?: number;
  readonly endIndex?: number;
}

/** A document that the answer is based on. `fileId` is the provider's; `index` is where in the block's text its mark belongs. */
export interface FileSource {
  readonly type: 'file';
  readonly filename: string;
  readonly fileId?: string;
  readonly index?: number;
}

/** A source of an answer. */
export type Source = UrlSource | FileSource;

/**
 * Something the caller asked for and did not get, or that the adapter had to skip. For operators and tests. `notice` is for the
 * person who attached it to the newest message; null: it is of an earlier one, whose person was told.
 */
export type Warning =
  | { readonly code: 'unsupported_setting'; readonly setting: string; readonly detail: string }
  | { readonly code: 'unsupported_content'; readonly detail: string; readonly notice?: string | null }
  | { readonly code: 'unknown_frames'; readonly count: number; readonly detail: string }
  /** Nothing says that the answer is whole. `raw`: the provider's finish reason; null when it gave none. */
  | { readonly code: 'unclear_finish'; readonly raw: string | null; readonly detail: string };

/**
 * What a provider has sent with an answer beside it, as plain JSON of at most 16 KB: the fields that its entry names, by those names;
 * and, for the log alone, those that nobody has named.
 */
export interface ExtraFields {
  readonly named?: Readonly<Record<string, unknown>>;
  readonly unnamed?: Readonly<Record<string, unknown>>;
}

/** A picture: an `image/*` type and base64. */
export interface ImageBytes {
  readonly mediaType: string;
  readonly data: string;
}

/**
 * A provider-neutral piece of a model's answer.
 *
 * Every delta carries the `id` of a block that was started before it and is not ended yet. Ids are unique within one stream
 * and mean nothing outside it; `callId` is the provider's name for a tool call and goes back with the result.
 * `usage` counts the whole call so far: a later one replaces it, and the one in `finish` is final.
 *
 * Text blocks with the same `messageId` are one message of the model; those without belong to one message per call. Each
 * thought is a reasoning block of its own, and those with the same `itemId` belong to one reasoning step. A reasoning block may
 * end without a delta: the model thinks but does not show its thoughts. `reasoning-replay` has what goes back into the
 * prompt of the next call of a tool loop, at this position among the texts and calls; see {@link ReasoningPart}.
 *
 * An image has any number of previews, numbered from 0, and ends with the picture or with `image-failed`; its `callId` is
 * the provider's. `data` is base64 without a `data:` prefix. The `id` of a source is the text block that it belongs to, open
 * at that time; it is absent when the provider does not say.
 *
 * `discard` invalidates everything before it, including open blocks and all ids: another model starts the answer again.
 * Only the registry's models write it, when one of a fallback chain has failed in the middle of its answer.
 */
export type StreamPart =
  | { readonly type: 'text-start'; readonly id: string; readonly messageId?: string }
  | { readonly type: 'text-delta'; readonly id: string; readonly text: string }
  | { readonly type: 'text-end'; readonly id: string }
  | { readonly type: 'reasoning-start'; readonly id: string; readonly itemId?: string }
  | { readonly type: 'reasoning-delta'; readonly id: string; readonly text: string }
  | { readonly type: 'reasoning-end'; readonly id: string }
  | { readonly type: 'reasoning-replay'; readonly reasoning: ReasoningPart }
  | { readonly type: 'tool-call-start'; readonly id: string; readonly callId: string; readonly name: string }
  | { readonly type: 'tool-call-delta'; readonly id: string; readonly arguments: string }
  | { readonly type: 'tool-call-end'; readonly id: string }
  | { readonly type: 'image-start'; readonly id: string; readonly callId: string }
  | ({ readonly type: 'image-preview'; readonly id: string; readonly index: number } & ImageBytes)
  | ({ readonly type: 'image-end'; readonly id: string } & ImageBytes)
  | { readonly type: 'image-failed'; readonly id: string }
  | { readonly type: 'source'; readonly id?: string; readonly source: Source }
  | { readonly type: 'discard'; readonly failed: ModelRef; readonly next: ModelRef }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'warning'; readonly warning: Warning }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly usage?: Usage;
      readonly extra?: ExtraFields;
    };
