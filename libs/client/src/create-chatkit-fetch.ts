import { attach, type AttachOptions } from './attach.js';
import { type FollowedRun, RelayClient } from './relay-client.js';
import type { RelayOptions } from './relay-options.js';

export type ChatKitFetchOptions = RelayOptions;

/** A fetch for ChatKit's `api.fetch`, and what the protocol has no words for. */
export interface ChatKitFetch {
  (...request: Parameters<typeof globalThis.fetch>): Promise<Response>;
  /**
   * Follows the answer that a thread is waiting for, unless this page is reading it already: a snapshot of what is
   * there, then the rest, as frames of the protocol. Undefined when there is none.
   */
  follow(threadId: string, options?: { readonly signal?: AbortSignal }): Promise<FollowedRun | undefined>;
  /**
   * After a reload: calls `onUpdate` (ChatKit's `fetchUpdates`) at most once a second while answers of the thread are
   * being written, and once more at their end. Resolves then, at once where there is nothing to wait for. Rejects when
   * the server cannot be reached over a row of tries, or the signal is aborted.
   */
  attach(threadId: string, onUpdate: () => unknown, options?: AttachOptions): Promise<void>;
  /** Stops the answer that a thread is waiting for, whoever asked for it. False: there is none. */
  cancel(threadId: string): Promise<boolean>;
}

export function createChatKitFetch(options: ChatKitFetchOptions = {}): ChatKitFetch {
  const client = new RelayClient(options);
  return Object.assign((...[input, init]: Parameters<typeof globalThis.fetch>) => client.fetch(input, init), {
    follow: (threadId: string, { signal }: { readonly signal?: AbortSignal } = {}) => client.follow(threadId, signal),
    attach: (threadId: string, onUpdate: () => unknown, attachOptions?: AttachOptions) =>
      attach(client, threadId, onUpdate, attachOptions),
    cancel: (threadId: string) => client.cancel(threadId),
  });
}
