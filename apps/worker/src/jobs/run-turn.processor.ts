import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { parseJob, QUEUE_RETRY_MS } from '#runtime';
import { TurnRunner } from '../turn/turn-runner.js';

// Started by hand, when the worker has everything that a turn needs.
@Processor('run-turn', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class RunTurnProcessor extends WorkerHost {
  constructor(private readonly turns: TurnRunner) {
    super();
  }

  override process(job: Job): Promise<void> {
    return this.turns.run(parseJob('run-turn', job.data));
  }
}
