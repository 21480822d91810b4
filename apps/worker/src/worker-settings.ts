/** The name of this worker and its capacity; to be injected. */
export abstract class WorkerSettings {
  abstract readonly workerId: string;
  /** Runs at once in this process. */
  abstract readonly concurrency: number;
  /** How long runs may continue after the worker's stop signal, in milliseconds; the remaining runs are handed over. */
  abstract readonly graceMs: number;
  /** How long a run may take from its first claim to its end, in milliseconds. */
  abstract readonly runMs: number;
  /** Bytes of attachments that may be in memory at once. */
  abstract readonly attachmentBytes: number;
  /** Whether they are of different users, of whom none may take all. */
  abstract readonly distinguishesUsers: boolean;
}
