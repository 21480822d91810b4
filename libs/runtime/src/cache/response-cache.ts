/**
 * Answers of models, kept for a while under a key that names the tenant and the whole call. All methods reject when the
 * engine is out of reach: callers go on without it.
 */
export interface ResponseCache {
  /** Undefined when there is none, or when it has expired. */
  get(key: string): Promise<string | undefined>;
  /** Replaces what is there. */
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Drops what has expired, where the engine does not do so by itself. */
  removeExpired(): Promise<void>;
}
