import type { ChatKitFetch } from '../../../../libs/client/src/index.js';

/**
 * Keeps the thread on the screen up to date while an answer to it is written that this page did not ask for: one from
 * before a reload, or from another tab.
 */
export class Attachment {
  #now: { readonly threadId: string; readonly abort: AbortController } | undefined;

  constructor(private readonly chatFetch: Pick<ChatKitFetch, 'attach'>) {}

  /** The thread that is looked at now. The same one again changes nothing: updates may load it anew. */
  show(threadId: string | null, fetchUpdates: () => Promise<void>): void {
    if (this.#now?.threadId === threadId) return;
    this.#now?.abort.abort();
    this.#now = undefined;
    if (threadId === null) return;
    const now = { threadId, abort: new AbortController() };
    this.#now = now;
    this.chatFetch
      .attach(threadId, fetchUpdates, { signal: now.abort.signal })
      .catch(() => undefined) // another thread is looked at, or the server is out of reach: what is there stays
      .finally(() => {
        if (this.#now === now) this.#now = undefined;
      });
  }
}
