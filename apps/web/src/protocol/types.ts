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

interface ItemFields {
  readonly id: string;
  readonly created_at: string;
}

export interface UserMessage extends ItemFields {
  readonly type: 'user_message';
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly inference_options?: { readonly model?: string };
}

export interface TextPart {
  readonly type: 'output_text';
  readonly text: string;
}

export interface AssistantMessage extends ItemFields {
  readonly type: 'assistant_message';
  readonly content: readonly TextPart[];
}

/** An item of a type that this page does not show yet. */
export interface OtherItem extends ItemFields {
  readonly type: 'other';
  readonly kind: string;
}

export type Item = UserMessage | AssistantMessage | OtherItem;

export type ItemUpdate =
  | { readonly type: 'part'; readonly index: number; readonly text: string }
  | { readonly type: 'delta'; readonly index: number; readonly delta: string }
  | { readonly type: 'other' };

export type NoticeLevel = 'info' | 'warning' | 'danger';

/** The events of a stream in the page's own types; see `read-event.ts`. */
export type ChatEvent =
  | { readonly type: 'thread'; readonly thread: Thread; readonly created: boolean }
  | { readonly type: 'options'; readonly allowCancel: boolean }
  | { readonly type: 'item.added'; readonly item: Item }
  | { readonly type: 'item.updated'; readonly id: string; readonly update: ItemUpdate }
  | { readonly type: 'item.done'; readonly item: Item }
  | { readonly type: 'item.removed'; readonly id: string }
  | { readonly type: 'item.replaced'; readonly item: Item }
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'notice'; readonly level: NoticeLevel; readonly title?: string; readonly message: string }
  | { readonly type: 'error'; readonly message?: string; readonly allowRetry: boolean };

/** One entry of `GET /models`. */
export interface Model {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly default: boolean;
}
