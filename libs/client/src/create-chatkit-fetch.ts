import { attach, type AttachOptions } from './attach.js';
import { type FollowedRun, RelayClient } from './relay-client.js';
import type { RelayOptions } from './relay-options.js';
import { markAsShim } from './underlying-fetch.js';

export type ChatKitFetchOptions = RelayOptions;

/** A fetch for ChatKit's `api.fetch`, and operations that the protocol does not have. */
export interface ChatKitFetch {
  (...request: Parameters<typeof globalThis.fetch>): Promise<Response>;
  /**
   * Follows the answer that a thread is waiting for, unless this page is reading it already: a snapshot of the present
   * state, then the rest, as frames of the protocol. Undefined if there is none.
   */
  follow(threadId: string, options?: { readonly signal?: AbortSignal }): Promise<FollowedRun | undefined>;
  /**
   * After a reload: calls `onUpdate` (ChatKit's `fetchUpdates`) at most once a second while answers of the thread are
   * being written, and once more at their end. Resolves then, or at once if there is nothing to wait for. Rejects if the
   * server cannot be reached over several tries, or the signal is aborted.
   */
  attach(threadId: string, onUpdate: () => unknown, options?: AttachOptions): Promise<void>;
  /**
   * Stops the answer that a thread is waiting for, whoever requested it. False: there is none. If the server cannot be
   * reached, it is tried again until it can.
   */
  cancel(threadId: string): Promise<boolean>;
}

export function createChatKitFetch(options: ChatKitFetchOptions = {}): ChatKitFetch {
  const client = new RelayClient(options);
  const chatFetch = markAsShim((...[input, init]: Parameters<typeof globalThis.fetch>) => client.fetch(input, init));
  return Object.assign(chatFetch, {
    follow: (threadId: string, { signal }: { readonly signal?: AbortSignal } = {}) => client.follow(threadId, signal),
    attach: (threadId: string, onUpdate: () => unknown, attachOptions?: AttachOptions) =>
      attach(client, threadId, onUpdate, attachOptions),
    cancel: (threadId: string) => client.cancel(threadId),
  });
}
