import type { ChatKitFetch } from '../../../../libs/client/src/index.js';

/**
 * Keeps the open thread up to date while an answer is being written that this page did not request: one from before a
 * reload, or from another tab.
 */
export class Attachment {
  #now: { readonly threadId: string; readonly abort: AbortController } | undefined;

  constructor(private readonly chatFetch: Pick<ChatKitFetch, 'attach'>) {}

  /** The open thread. The same one again changes nothing: updates may load it again. */
  show(threadId: string | null, fetchUpdates: () => Promise<void>): void {
    if (this.#now?.threadId === threadId) return;
    this.#now?.abort.abort();
    this.#now = undefined;
    if (threadId === null) return;
    const now = { threadId, abort: new AbortController() };
    this.#now = now;
    this.chatFetch
      .attach(threadId, fetchUpdates, { signal: now.abort.signal })
      .catch(() => undefined) // another thread was opened, or the server is out of reach: the page stays as it is
      .finally(() => {
        if (this.#now === now) this.#now = undefined;
      });
  }
}
