import { Injectable } from '@nestjs/common';
import { Metrics } from '../monitoring/metrics.js';
import { SettledRuns } from '../monitoring/settled-runs.js';
import type { Trigger } from '../runs/run.js';
import { runKind } from '../runs/run-kind.js';

/** Counts the runs that this process admits, and those of them that it ends because no worker has them. */
@Injectable()
export class AdmittedRuns {
  private readonly admitted;
  private readonly settled: SettledRuns;

  constructor(metrics: Metrics) {
    this.admitted = metrics.counter({
      name: 'chatkit_relay_runs_admitted_total',
      help: 'Runs that this process stored, by kind: turn, action, completion.',
      labels: ['kind'],
    });
    this.settled = new SettledRuns(metrics);
  }

  count(trigger: Trigger): void {
    this.admitted.inc({ kind: runKind(trigger) });
  }

  /** Stopped in the queue, or replaced by a newer message. */
  cancelled(triggers: readonly Trigger[]): void {
    for (const trigger of triggers) this.settled.count({ trigger, state: 'cancelled' });
  }
}
