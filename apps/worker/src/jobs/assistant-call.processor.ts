import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { parseJob, QUEUE_RETRY_MS } from '#runtime/worker';
import { AssistantCallRunner } from '../assistant-calls/assistant-call-runner.js';
import { ActiveRuns } from '../attempt/active-runs.js';
import { takeJob } from './take-job.js';

/** Answers the assistant call that a job names. Started by {@link QueueWorkers}. */
@Processor('assistant-call', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class AssistantCallProcessor extends WorkerHost {
  constructor(
    private readonly calls: AssistantCallRunner,
    private readonly active: ActiveRuns,
  ) {
    super();
  }

  override process(job: Job, token?: string): Promise<void> {
    return takeJob(this.worker, this.active, job, token, () => this.calls.run(parseJob('assistant-call', job.data)));
  }
}
