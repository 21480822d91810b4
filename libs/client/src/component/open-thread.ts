import { parseJson } from '../chatkit-request.js';
import type { ChatKitFetch } from '../create-chatkit-fetch.js';

type Area = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
type Fetch = typeof globalThis.fetch;

/** Where the built-in pages keep it, too. */
export const DEFAULT_STORAGE_KEY = 'chatkit-thread-id';

/**
 * The conversation that is open: remembered across a reload, and kept up to date while an answer is being written that this
 * page did not request, one from before the reload or from another tab.
 */
export class OpenThread {
  /** Calls the server, and notices that the remembered conversation no longer exists. */
  readonly fetch: Fetch;
  #attached: { readonly threadId: string; readonly abort: AbortController } | undefined;

  /** @param key of `area`; null to remember nothing. */
  constructor(
    private readonly chatFetch: Fetch & Pick<ChatKitFetch, 'attach'>,
    private readonly key: string | null = DEFAULT_STORAGE_KEY,
    private readonly area: Area | undefined = pageStorage(),
    onGone: () => void = () => undefined,
  ) {
    this.fetch = async (input, init) => {
      const response = await this.chatFetch(input, init);
      if (response.status === 404 && this.#isOpening(init?.body)) {
        this.changed(null);
        onGone();
      }
      return response;
    };
  }

  get remembered(): string | null {
    try {
      return (this.key !== null && this.area?.getItem(this.key)) || null;
    } catch {
      return null; // forbidden
    }
  }

  /** For `onThreadChange`. */
  changed(threadId: string | null): void {
    if (threadId === null) this.#leave();
    if (this.key === null) return;
    try {
      if (threadId === null) this.area?.removeItem(this.key);
      else this.area?.setItem(this.key, threadId);
    } catch {
      // Full or forbidden: only a reload forgets it.
    }
  }

  /** For `onThreadLoadEnd`. The same one again changes nothing: updates may load it again. */
  loaded(threadId: string, fetchUpdates: () => unknown): void {
    if (this.#attached?.threadId === threadId) return;
    this.#leave();
    const attached = { threadId, abort: new AbortController() };
    this.#attached = attached;
    this.chatFetch
      .attach(threadId, fetchUpdates, { signal: attached.abort.signal })
      .catch(() => undefined) // another thread was opened, or the server is out of reach: the page stays as it is
      .finally(() => {
        if (this.#attached === attached) this.#attached = undefined;
      });
  }

  /** The page no longer shows the chat. */
  close(): void {
    this.#leave();
  }

  #leave(): void {
    this.#attached?.abort.abort();
    this.#attached = undefined;
  }

  #isOpening(body: unknown): boolean {
    const request = typeof body === 'string' ? (parseJson(body) as OpenRequest | null | undefined) : undefined;
    const threadId = request?.params?.thread_id;
    return request?.type === 'threads.get_by_id' && threadId !== undefined && threadId === this.remembered;
  }
}

interface OpenRequest {
  readonly type?: string;
  readonly params?: { readonly thread_id?: string };
}

/** Undefined on a server, and where the browser forbids it. */
function pageStorage(): Area | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
