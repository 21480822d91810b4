/**
 * Caches answers of models under a key that covers the tenant and the whole call; and what all processes count together, under
 * a short name. All methods reject when the engine is unavailable: callers continue without the cache.
 */
export interface ResponseCache {
  /** Returns undefined when there is none, or when it has expired. */
  get(key: string): Promise<string | undefined>;
  /** Replaces an existing value. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Deletes all entries: an answer does not tell whose it was. */
  clear(): Promise<void>;
  /** Deletes expired entries, where the engine does not do so by itself. */
  removeExpired(): Promise<void>;
}
