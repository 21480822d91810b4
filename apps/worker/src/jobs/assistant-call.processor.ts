import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { parseJob, QUEUE_RETRY_MS } from '#runtime';
import { takeJob } from './take-job.js';
import { ActiveRuns } from '../attempt/active-runs.js';
import { CallRunner } from '../assistant-calls/call-runner.js';

// Started by hand, when the worker has everything that a call needs.
@Processor('assistant-call', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class AssistantCallProcessor extends WorkerHost {
  constructor(
    private readonly calls: CallRunner,
    private readonly active: ActiveRuns,
  ) {
    super();
  }

  override process(job: Job, token?: string): Promise<void> {
    return takeJob(this.worker, this.active, job, token, () => this.calls.run(parseJob('assistant-call', job.data)));
  }
}
