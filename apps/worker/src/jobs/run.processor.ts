import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { parseJob, QUEUE_RETRY_MS, RunExecution } from '#runtime/worker';
import { HISTORY_ITEMS } from '../assistants/assistant.js';
import { ActiveRuns } from '../attempt/active-runs.js';
import { WorkerSettings } from '../worker-settings.js';
import { CompletionRunner } from '../gateway/completion-runner.js';
import { TurnRunner } from '../turn/turn-runner.js';
import { type JobResult, jobResult, RunFailed } from './job-result.js';
import { takeJob } from './take-job.js';

/**
 * Claims the run that a job names and passes it to the turn or completion runner. Started by {@link QueueWorkers}. The queue
 * carries completions as well; it keeps its first name, because jobs and processes of earlier versions use it.
 */
@Processor('run-turn', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class RunProcessor extends WorkerHost {
  constructor(
    private readonly execution: RunExecution,
    private readonly turns: TurnRunner,
    private readonly completions: CompletionRunner,
    private readonly active: ActiveRuns,
    private readonly settings: WorkerSettings,
  ) {
    super();
  }

  override process(job: Job, token?: string): Promise<JobResult> {
    return takeJob(this.worker, this.active, job, token, () => this.run(job));
  }

  /**
   * A job that finds nothing to claim is done, unless its run has failed without it: while it waited, or with an earlier
   * worker. The job then shows why.
   */
  private async run({ data }: Job): Promise<JobResult> {
    const payload = parseJob('run-turn', data);
    const claim = await this.execution.claim(payload, this.settings.workerId, HISTORY_ITEMS);
    if (claim) return jobResult(await (claim.trigger === 'gateway.chat' ? this.completions : this.turns).run(claim));
    const code = await this.execution.failedWithout(payload);
    if (code) throw new RunFailed(code);
    return 'nothing_to_claim';
  }
}
