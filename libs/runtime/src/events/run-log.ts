import type { Cursor, Entry } from './entry.js';

/** An entry on its way into the log. */
export interface Append {
  readonly runId: string;
  readonly fence: number;
  /** Sequence number of the entry's first event; 1 under each fence. */
  readonly first: number;
  /** Sequence number of the entry's last event: with the fence, its place in the log. */
  readonly last: number;
  /** The run has settled and says no more: its log is dropped a while after this. */
  readonly end: boolean;
  readonly encoded: string;
}

/** What one API instance is told after this flush. */
export interface Copy {
  readonly instance: string;
  readonly entries: readonly Append[];
}

/** The log already holds something at or behind the entry's place. */
export interface Refusal {
  readonly runId: string;
  readonly refused: Cursor;
  readonly newest: Cursor;
}

/**
 * The letter: the ordered events of each run, kept until the run has settled and a little longer.
 * All methods reject when the engine is out of reach; nothing is retried here.
 */
export interface RunLog {
  /**
   * Appends the entries, then publishes the copies, in one round trip. An entry whose (fence, last) is not greater
   * than the newest one of its run is refused and changes nothing: that is what stops a worker that lost its run.
   * Copies go out whatever was refused; readers drop what carries a lower fence.
   */
  append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]>;

  /** What is behind the cursor, oldest first, over all fences; from the start without one, everything without a limit. */
  readAfter(runId: string, after?: Cursor, limit?: number): Promise<Entry[]>;
}
