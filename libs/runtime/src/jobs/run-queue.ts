import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Logger } from '../platform/logger.js';
import type { JobName, JobPayload } from './catalogue.js';
import { inTime } from './in-time.js';

/** The queue, and the name of its jobs. */
export const RUN_QUEUE = 'run-turn' satisfies JobName;

/** A job to add: the fence that the run has now, and a number that makes the job id new. */
export interface Dispatch {
  readonly runId: string;
  readonly fence: number;
  readonly dispatch: number;
}

/** The producer's side of the turn queue. */
@Injectable()
export class RunQueue {
  constructor(
    @InjectQueue(RUN_QUEUE) readonly queue: Queue<JobPayload<'run-turn'>>,
    logger: Logger,
  ) {
    queue.on('error', (error) => logger.warn({ err: error }, 'queue'));
  }

  /**
   * Adds the job of a run that may start now. Rejects when the queue gives no answer; the job may still be added
   * later then, beside the sweeper's: only one of them finds something to claim.
   */
  async add({ runId, fence, dispatch }: Dispatch): Promise<void> {
    await inTime(this.queue.add(RUN_QUEUE, { runId, fence }, { jobId: jobId(runId, dispatch) }));
  }

  /** Whether the queue still holds the job of a dispatch, to be taken by a worker. */
  async isWaiting({ runId, dispatch }: Dispatch): Promise<boolean> {
    const state = await inTime(this.queue.getJobState(jobId(runId, dispatch)));
    return state === 'waiting' || state === 'prioritized' || state === 'delayed';
  }

  async ping(): Promise<void> {
    await inTime(this.queue.getWaitingCount());
  }
}

/** BullMQ drops a job whose id it has seen, silently; the number makes each one new. A colon is refused in ids. */
const jobId = (runId: string, dispatch: number): string => `${runId}-${dispatch}`;
