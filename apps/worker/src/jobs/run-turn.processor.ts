import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { parseJob, QUEUE_RETRY_MS } from '#runtime';
import { ActiveRuns } from '../attempt/active-runs.js';
import { TurnRunner } from '../turn/turn-runner.js';
import { takeJob } from './take-job.js';

// Started by hand, when the worker has everything that a turn needs.
@Processor('run-turn', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class RunTurnProcessor extends WorkerHost {
  constructor(
    private readonly turns: TurnRunner,
    private readonly active: ActiveRuns,
  ) {
    super();
  }

  override process(job: Job, token?: string): Promise<void> {
    return takeJob(this.worker, this.active, job, token, () => this.turns.run(parseJob('run-turn', job.data)));
  }
}
