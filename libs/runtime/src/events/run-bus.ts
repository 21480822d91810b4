/** Ends a subscription. */
export type Unlisten = () => Promise<void>;

/**
 * Delivers copies of entries quickly, and knows the readers. A message without a receiver is lost: content never exists only
 * here. All methods reject when the engine is unavailable.
 */
export interface RunBus {
  /** Adds an API instance to a run's readers, or renews its membership (READER_TTL_MS). */
  join(runId: string, instance: string): Promise<void>;
  leave(runId: string, instance: string): Promise<void>;
  /** The instances that follow each run; runs without readers are absent. */
  readersOf(runIds: readonly string[]): Promise<Map<string, string[]>>;

  /** Receives every message that is sent to a channel from now on. One connection serves all channels of a process. */
  listen(channel: string, onMessage: (message: Buffer) => void): Promise<Unlisten>;
  send(channel: string, message: string): Promise<void>;
}

/** The channel on which an API instance receives copies (`instance` is its id). */
export const instanceChannel = (instance: string): string => `api:${instance}`;
/** The channel on which an API instance learns which assistant calls have a reply. */
export const callChannel = (instance: string): string => `calls:${instance}`;
/** The channel on which a worker receives stop requests and notices of new readers. */
export const workerChannel = (workerId: string): string => `worker:${workerId}`;
