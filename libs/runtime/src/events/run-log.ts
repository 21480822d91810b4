import type { Cursor, Entry } from './entry.js';

/** An entry to append to the log. */
export interface Append {
  readonly runId: string;
  readonly fence: number;
  /** Sequence number of the entry's first event; 1 under each fence. */
  readonly first: number;
  /** Sequence number of the entry's last event: with the fence, its position in the log. */
  readonly last: number;
  /** The run has settled and writes no more: its log expires a while after this. */
  readonly end: boolean;
  readonly encoded: string;
}

/** What one API instance is sent after this flush. */
export interface Copy {
  readonly instance: string;
  readonly entries: readonly Append[];
}

/** The log already has an entry at or after this position. */
export interface Refusal {
  readonly runId: string;
  readonly refused: Cursor;
  readonly newest: Cursor;
}

/**
 * The ordered events of each run, stored until the run has settled and a little longer.
 * All methods reject when the engine is unavailable; nothing is retried here.
 */
export interface RunLog {
  /**
   * Appends the entries, then publishes the copies, in one round trip. An entry whose (fence, last) is not greater
   * than the newest one of its run is refused and changes nothing: this stops a worker that has lost its run.
   * Copies are sent even when an entry is refused; readers ignore those with a lower fence.
   */
  append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]>;

  /** Entries after the cursor, oldest first, over all fences; from the start without a cursor, all of them without a limit. */
  readAfter(runId: string, after?: Cursor, limit?: number): Promise<Entry[]>;

  /** Deletes the logs of these runs and the lists of their readers. Does nothing for those that have none. */
  delete(runIds: readonly string[]): Promise<void>;
}
