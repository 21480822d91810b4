import type { Entry } from '../events/entry.js';
import type { RunCopies } from './run-copies.js';
import type { RunLog } from '../events/run-log.js';

/** How far frames take a reader: to the `last` event of an attempt, or to the end of the run. */
export type Place = Pick<Entry, 'fence' | 'last' | 'end'>;

/** The output of a follower. */
export interface FrameSink {
  /**
   * Takes finished SSE frames. Returns false to pause: nothing more is written until `drained` resolves. Frames without a
   * place belong to those that follow.
   */
  write(frames: Buffer, place?: Place): boolean;
  drained(): Promise<void>;
}

/** The items that a reader has received, by id: what Postgres must add or withdraw when the log cannot continue. */
export interface ShownItems {
  readonly open: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
}

export interface FollowDeps {
  readonly log: RunLog;
  readonly copies: RunCopies;
  readonly silence: SilenceWatch;
  /** Condenses the frames for a reader that joins late: fewer bytes, the same state. */
  readonly snapshot: (frames: Buffer) => Buffer;
  readonly isSettled: (runId: string) => Promise<boolean>;
  /** Frames that finish a settled run for a reader, from Postgres. */
  readonly finishFromStore: (runId: string, shown: ShownItems) => Promise<Buffer>;
  readonly onError: (error: Error) => void;
}

/** Calls back followers that have received nothing for a while. One timer for all followers of a process. */
export interface SilenceWatch {
  add(follower: Silent): void;
  remove(follower: Silent): void;
}

export interface Silent {
  /** Milliseconds of `performance.now()`. */
  readonly lastEntryAt: number;
  onSilence(): void;
}
