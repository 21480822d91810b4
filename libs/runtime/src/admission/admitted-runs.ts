import { Injectable } from '@nestjs/common';
import { Metrics } from '../monitoring/metrics.js';
import type { Trigger } from '../runs/run.js';
import { runKind } from '../runs/run-kind.js';

/** Counts the runs that this process admits. */
@Injectable()
export class AdmittedRuns {
  private readonly admitted;

  constructor(metrics: Metrics) {
    this.admitted = metrics.counter({
      name: 'chatkit_relay_runs_admitted_total',
      help: 'Runs that this process stored, by kind: turn, action, completion.',
      labels: ['kind'],
    });
  }

  count(trigger: Trigger): void {
    this.admitted.inc({ kind: runKind(trigger) });
  }
}
