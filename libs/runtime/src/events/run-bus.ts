/** Ends a subscription. */
export type Unlisten = () => Promise<void>;

/**
 * The fast copy, and who wants it. A message sent to nobody is gone: content never lives here alone.
 * All methods reject when the engine is out of reach.
 */
export interface RunBus {
  /** Puts an API instance among a run's readers, or renews its place (READER_TTL_MS). */
  join(runId: string, instance: string): Promise<void>;
  leave(runId: string, instance: string): Promise<void>;
  /** The instances that follow each run; runs that nobody follows are absent. */
  readersOf(runIds: readonly string[]): Promise<Map<string, string[]>>;

  /** Hears everything that is sent to a channel from now on. One connection serves all channels of a process. */
  listen(channel: string, onMessage: (message: Buffer) => void): Promise<Unlisten>;
  send(channel: string, message: string): Promise<void>;
}

/** The channel on which an API instance receives copies (`instance` is its id). */
export const instanceChannel = (instance: string): string => `relay:api:${instance}`;
/** The channel on which an API instance learns which assistant calls have been answered. */
export const callChannel = (instance: string): string => `relay:calls:${instance}`;
/** The channel on which a worker receives stop requests and notices of new readers. */
export const workerChannel = (workerId: string): string => `relay:worker:${workerId}`;
