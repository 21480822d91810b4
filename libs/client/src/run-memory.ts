/** Where the live run of each thread is stored so that it survives a reload: `sessionStorage` or the like. */
export interface RunStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = 'chatkit-relay:run:';

/** Which run a thread is waiting for. If the browser refuses to store it, the server is asked. */
export class RunMemory {
  constructor(private readonly storage: RunStorage) {}

  get(threadId: string): string | undefined {
    try {
      return this.storage.getItem(PREFIX + threadId) ?? undefined;
    } catch {
      return undefined; // forbidden
    }
  }

  set(threadId: string, runId: string): void {
    try {
      this.storage.setItem(PREFIX + threadId, runId);
    } catch {
      // Full or forbidden: see above.
    }
  }

  /** Only if it is still this run: another one may have started. */
  forget(threadId: string, runId: string): void {
    if (this.get(threadId) !== runId) return;
    try {
      this.storage.removeItem(PREFIX + threadId);
    } catch {
      // Forbidden: see above.
    }
  }
}

/** The tab's storage, if there is one, or else a map in memory. */
export function defaultStorage(): RunStorage {
  try {
    const { sessionStorage } = globalThis as { sessionStorage?: RunStorage };
    if (sessionStorage) return sessionStorage;
  } catch {
    // In a sandboxed page even reading the property throws.
  }
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
