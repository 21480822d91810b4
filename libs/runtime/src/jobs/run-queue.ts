import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Logger } from '../platform/logger.js';
import type { JobName, JobPayload } from './catalogue.js';
import { inTime } from './in-time.js';

/** The queue, and the name of its jobs. */
export const RUN_QUEUE = 'run-turn' satisfies JobName;

/** A job to add: the fence that the run has now, and a number that makes the job id unique. */
export interface Dispatch {
  readonly runId: string;
  readonly fence: number;
  readonly dispatch: number;
}

/** Adds jobs to the queue of runs. */
@Injectable()
export class RunQueue {
  constructor(
    @InjectQueue(RUN_QUEUE) readonly queue: Queue<JobPayload<'run-turn'>>,
    logger: Logger,
  ) {
    queue.on('error', (error) => logger.warn({ err: error }, 'queue'));
  }

  /**
   * Adds the job of a run that may start now. Rejects when the queue does not reply; the job may still be added
   * later, in addition to the sweeper's: only one of them finds a run to claim.
   */
  async add({ runId, fence, dispatch }: Dispatch): Promise<void> {
    await inTime(this.queue.add(RUN_QUEUE, { runId, fence }, { jobId: jobId(runId, dispatch) }));
  }

  /** Whether the queue still holds the job of a dispatch, waiting for a worker. */
  async isWaiting({ runId, dispatch }: Dispatch): Promise<boolean> {
    const state = await inTime(this.queue.getJobState(jobId(runId, dispatch)));
    return state === 'waiting' || state === 'prioritized' || state === 'delayed';
  }

  async ping(): Promise<void> {
    await inTime(this.queue.getWaitingCount());
  }
}

/** BullMQ silently drops a job whose id already exists; the number makes each id unique. Ids must not contain a colon. */
const jobId = (runId: string, dispatch: number): string => `${runId}-${dispatch}`;
