import type { Address } from '../chat/address.js';

const PREFIX = '/c/';

/** `/c/<thread>`, or `/?thread=<thread>` from elsewhere; the API serves the page for both. */
export class BrowserAddress implements Address {
  get threadId(): string | undefined {
    const { pathname, search } = location;
    const id = pathname.startsWith(PREFIX)
      ? decoded(pathname.slice(PREFIX.length))
      : new URLSearchParams(search).get('thread');
    return id || undefined;
  }

  go(threadId: string | undefined): void {
    if (threadId !== this.threadId) history.pushState(null, '', pathOf(threadId));
  }

  replace(threadId: string | undefined): void {
    history.replaceState(null, '', pathOf(threadId));
  }

  /** The person has gone back or forward. */
  onMove(listener: (threadId: string | undefined) => void): void {
    window.addEventListener('popstate', () => listener(this.threadId));
  }
}

/** The reverse of `pathOf`; what somebody has typed may be malformed. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

const pathOf = (threadId: string | undefined): string =>
  threadId === undefined ? '/' : `${PREFIX}${encodeURIComponent(threadId)}`;
