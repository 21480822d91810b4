import type { Outcome, Trigger } from '../runs/run.js';
import { runKind } from '../runs/run-kind.js';
import type { Metrics } from './metrics.js';

/** How a run ended. */
export interface SettledRun extends Pick<Outcome, 'state' | 'errorCode'> {
  readonly trigger: Trigger;
}

/** Of a failure; `none` of everything else. */
export const settledCode = ({ state, errorCode }: Pick<SettledRun, 'state' | 'errorCode'>): string =>
  state === 'failed' ? (errorCode ?? 'run.internal') : 'none';

/** Counts the runs that a process ends: those of a worker, and those that end without one. */
export class SettledRuns {
  private readonly settled;

  constructor(metrics: Metrics) {
    this.settled = metrics.counter({
      name: 'chatkit_relay_runs_settled_total',
      help: 'Runs that this process ended, by kind (turn, action, completion), outcome and error code (none unless failed): a worker those that it answered or its sweep ended, an API those that were stopped in the queue.',
      labels: ['kind', 'outcome', 'code'],
    });
  }

  count(run: SettledRun): void {
    this.settled.inc({ kind: runKind(run.trigger), outcome: run.state, code: settledCode(run) });
  }
}
