import type { Item, ItemUpdate } from './items/index.js';

export type { Item, ItemUpdate };

/**
 * The part of the ChatKit protocol that this page reads. Fields that it does not use are left out, and unknown ones are
 * ignored, so that it works with newer servers.
 */
export interface Page<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly after?: string;
}

export interface Thread {
  readonly id: string;
  readonly created_at: string;
  readonly title?: string;
  readonly status?: { readonly type: string; readonly reason?: string };
}

export type NoticeLevel = 'info' | 'warning' | 'danger';

/** The events of a stream in the page's own types; see `read-event.ts`. */
export type ChatEvent =
  /** The run of the turn, from the response's header. */
  | { readonly type: 'run'; readonly id: string }
  | { readonly type: 'thread'; readonly thread: Thread; readonly created: boolean }
  | { readonly type: 'options'; readonly allowCancel: boolean }
  | { readonly type: 'item.added'; readonly item: Item }
  | { readonly type: 'item.updated'; readonly id: string; readonly update: ItemUpdate }
  | { readonly type: 'item.done'; readonly item: Item }
  | { readonly type: 'item.removed'; readonly id: string }
  | { readonly type: 'item.replaced'; readonly item: Item }
  | { readonly type: 'progress'; readonly text: string; readonly icon?: string | undefined }
  | { readonly type: 'effect'; readonly name: string; readonly data: Readonly<Record<string, unknown>> }
  | { readonly type: 'notice'; readonly level: NoticeLevel; readonly title?: string; readonly message: string }
  | { readonly type: 'error'; readonly message?: string; readonly allowRetry: boolean };

/** What a person thinks of an answer. */
export type FeedbackKind = 'positive' | 'negative';

/** One entry of `GET /models`. */
export interface Model {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly default: boolean;
  /** What it can do, such as `vision`. */
  readonly capabilities?: readonly string[];
  /** Tokens of prompt and answer together, if that is known. */
  readonly contextWindow?: number;
}
