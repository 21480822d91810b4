import type { Cursor, Entry } from './entry.js';

/** An entry to append to the log. */
export interface Append {
  readonly runId: string;
  readonly fence: number;
  /** Sequence number of the entry's first event; 1 under each fence. */
  readonly first: number;
  /** Sequence number of the entry's last event: with the fence, its position in the log. */
  readonly last: number;
  /** Set for the last entry of a run, which has settled and writes no more. */
  readonly end: LogEnd | undefined;
  readonly encoded: string;
}

/** What becomes of the log of a settled run. */
export interface LogEnd {
  /** Milliseconds for which it is stored from now on. */
  readonly keptMs: number;
  /** Encoded entries that take the place of all entries, including this one. Absent: all of them stay. */
  readonly merged?: string | undefined;
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
  /** Runs of the same lane are flushed together, in one round trip; lanes do not wait for each other. */
  lane(runId: string): string;

  /**
   * Appends the entries, which are of one lane, then publishes the copies. An entry whose (fence, last) is not greater
   * than the newest one of its run is refused and changes nothing: this stops a worker that has lost its run.
   * Copies are sent even when an entry is refused; readers ignore those with a lower fence.
   */
  append(entries: readonly Append[], copies: readonly Copy[]): Promise<Refusal[]>;

  /**
   * Entries after the cursor, oldest first, over all fences; from the start without a cursor, all of them without a limit.
   * Those of a merged log are always read together, and the first one may begin before the cursor.
   */
  readAfter(runId: string, after?: Cursor, limit?: number): Promise<Entry[]>;

  /** Deletes the logs of these runs and the lists of their readers. Does nothing for those that have none. */
  delete(runIds: readonly string[]): Promise<void>;
}
