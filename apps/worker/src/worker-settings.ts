/** Who this worker is, and how much it takes on; to be injected. */
export abstract class WorkerSettings {
  abstract readonly workerId: string;
  /** Runs at once in this process. */
  abstract readonly concurrency: number;
  /** How long runs may go on after the worker was asked to stop, in milliseconds; what is left is handed over. */
  abstract readonly graceMs: number;
}
