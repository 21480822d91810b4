import type { Usage } from './usage.js';

/** Why a model stopped, in our word and in the provider's (null when it gave none). */
export interface FinishReason {
  readonly unified: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'pause' | 'error' | 'other';
  readonly raw: string | null;
}

/** A page the answer leans on. Indices are UTF-16 offsets into the text so far, as the provider gave them. */
export interface Source {
  readonly url: string;
  readonly title?: string;
  readonly startIndex?: number;
  readonly endIndex?: number;
}

/** Something the caller asked for and did not get, or that the adapter had to skip. For operators and tests. */
export type Warning =
  | { readonly code: 'unsupported_setting'; readonly setting: string; readonly detail: string }
  | { readonly code: 'unsupported_content'; readonly detail: string }
  | { readonly code: 'unknown_frames'; readonly count: number; readonly detail: string };

/**
 * A provider-neutral piece of a model's answer.
 *
 * Every delta carries the `id` of a block that was started before it and is not ended yet. Ids are unique within one stream
 * and mean nothing outside it; `callId` is the provider's name for a tool call and goes back with the result.
 * `usage` counts the whole call so far: a later one replaces it, and the one in `finish` is final.
 */
export type StreamPart =
  | { readonly type: 'text-start'; readonly id: string }
  | { readonly type: 'text-delta'; readonly id: string; readonly text: string }
  | { readonly type: 'text-end'; readonly id: string }
  | { readonly type: 'reasoning-start'; readonly id: string }
  | { readonly type: 'reasoning-delta'; readonly id: string; readonly text: string }
  | { readonly type: 'reasoning-end'; readonly id: string }
  | { readonly type: 'tool-call-start'; readonly id: string; readonly callId: string; readonly name: string }
  | { readonly type: 'tool-call-delta'; readonly id: string; readonly arguments: string }
  | { readonly type: 'tool-call-end'; readonly id: string }
  | { readonly type: 'source'; readonly source: Source }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly usage?: Usage };
