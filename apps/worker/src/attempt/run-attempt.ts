import type { ThreadItem } from '#chatkit';
import type { ModelCall } from '#providers';
import type { Logger } from '#runtime';
import type { Outcome, RunWriter, StoredTimes } from '#runtime/worker';
import type { AttemptCounts } from '../metrics/run-metrics.js';
import type { ActiveRun } from './active-runs.js';
import type { RunTrace } from './run-trace.js';
import type { StepLog } from './step-log.js';
import type { UsageMeter } from './usage-meter.js';

/** One worker's try at a run, while it is being made. */
export interface RunAttempt {
  readonly run: ActiveRun;
  readonly writer: RunWriter;
  readonly meter: UsageMeter;
  readonly steps: StepLog;
  readonly counts: AttemptCounts;
  readonly logger: Logger;
  readonly onFrame: ModelCall['onFrame'];
  readonly trace: RunTrace | undefined;
}

/** What is written when an attempt ends its run: in Postgres in one commit, then in the log. */
export interface Ending {
  /** Without what the meter knows. */
  readonly outcome: Pick<Outcome, 'state' | 'errorCode' | 'errorDetail' | 'userError'>;
  readonly items: readonly ThreadItem[];
  /** Ids of the items whose time the assistant's code has chosen. */
  readonly chosenTimes?: ReadonlySet<string>;
  /** For the last entry, after the commit; `times`: those of the items as they are stored. */
  framesWith(times: StoredTimes): readonly LastFrame[];
}

export interface LastFrame {
  readonly frame: string;
  /** The item that the frame finishes. */
  readonly closedItemId?: string;
  /** The item that the frame withdraws. */
  readonly withdrawnItemId?: string;
}

/** What differs between turns and completions: how the run is answered and what each outcome writes. */
export interface RunHandler {
  answer(): Promise<void>;
  completed(): Ending;
  /** A stop was requested. */
  cancelled(): Ending | Promise<Ending>;
  failed(error: unknown): Ending | Promise<Ending>;
  /** What may still be written after the commit and before the log's last entry is closed. */
  afterCommit?(state: Outcome['state']): Promise<void> | undefined;
}
