import { Processor, WorkerHost } from '@nestjs/bullmq';
import { parseJob, QUEUE_RETRY_MS } from '#runtime';
import { CallRunner } from './call-runner.js';

// Started by hand, when the worker has everything that a call needs.
@Processor('assistant-call', { autorun: false, runRetryDelay: QUEUE_RETRY_MS })
export class AssistantCallProcessor extends WorkerHost {
  constructor(private readonly calls: CallRunner) {
    super();
  }

  override process(job: { readonly data: unknown }): Promise<void> {
    return this.calls.run(parseJob('assistant-call', job.data));
  }
}
