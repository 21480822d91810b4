import { Injectable } from '@nestjs/common';
import type { Worker } from 'bullmq';
import { Logger, type OnError, RunQueue, warnSparingly } from '#runtime';
import { WorkerSettings } from '../worker-settings.js';
import { AssistantCallProcessor } from './assistant-call.processor.js';
import { RunFailed } from './job-result.js';
import { RunProcessor } from './run.processor.js';

/** Assistant calls that one process answers side by side. */
const CALLS_AT_ONCE = 20;

/** What takes jobs from the queues. Started by hand, when the worker has everything that a job needs. */
@Injectable()
export class QueueWorkers {
  constructor(
    private readonly runs: RunProcessor,
    private readonly calls: AssistantCallProcessor,
    private readonly queue: RunQueue,
    private readonly settings: WorkerSettings,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    // Both ask the same store: what it refuses to one, it refuses to the other.
    const onError = warnSparingly(this.logger, 'taking jobs');
    await Promise.all([
      this.take(this.runs.worker, this.settings.concurrency, onError),
      this.take(this.calls.worker, CALLS_AT_ONCE, onError),
    ]);
  }

  /** Takes no more jobs. */
  async pause(): Promise<void> {
    await Promise.all([this.runs.worker.pause(true), this.calls.worker.pause(true)]);
  }

  /**
   * Closing waits for the job that is just being handed out; not for work that does not heed its signal, nor for a queue
   * that is unavailable.
   */
  async close({ isIdle }: { readonly isIdle: boolean }): Promise<void> {
    const mustForce = !isIdle || !(await this.queueAnswers());
    await Promise.all([this.runs.worker.close(mustForce), this.calls.worker.close(mustForce)]);
  }

  private async take(worker: Worker, concurrency: number, onError: OnError): Promise<void> {
    const { logger } = this;
    worker.on('error', (error) => onError(error));
    worker.on('failed', (job, error) => {
      // A run that failed has its own line, with the cause.
      if (error instanceof RunFailed) return;
      logger.error({ ...(job?.data as object | undefined), job: job?.id, err: error }, 'job failed');
    });
    worker.concurrency = concurrency;
    worker.run().catch((error: Error) => logger.error({ err: error }, 'the queue worker has stopped'));
    await worker.waitUntilReady();
  }

  private async queueAnswers(): Promise<boolean> {
    return this.queue.ping().then(
      () => true,
      () => false,
    );
  }
}
