import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Logger } from '../platform/logger.js';
import { warnSparingly } from '../platform/sparingly.js';
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
  private gathered: Gathered[] = [];

  constructor(
    @InjectQueue(RUN_QUEUE) readonly queue: Queue<JobPayload<'run-turn'>>,
    logger: Logger,
  ) {
    queue.on('error', warnSparingly(logger, 'queue'));
  }

  /**
   * Adds the job of a run that may start now. Rejects when the queue does not reply; the job may still be added
   * later, in addition to the sweeper's: only one of them finds a run to claim. Jobs of one event-loop turn are one round trip.
   */
  async add(run: Dispatch): Promise<void> {
    await inTime(
      new Promise<void>((resolve, reject) => {
        this.gathered.push({ run, resolve, reject });
        if (this.gathered.length === 1) setImmediate(() => void this.addGathered());
      }),
    );
  }

  /** Whether the queue still holds the job of a dispatch, waiting for a worker. */
  async isWaiting({ runId, dispatch }: Dispatch): Promise<boolean> {
    const state = await inTime(this.queue.getJobState(jobId(runId, dispatch)));
    return state === 'waiting' || state === 'prioritized' || state === 'delayed';
  }

  async ping(): Promise<void> {
    await inTime(this.queue.getWaitingCount());
  }

  private async addGathered(): Promise<void> {
    const { gathered } = this;
    this.gathered = [];
    try {
      await this.queue.addBulk(gathered.map(({ run }) => toJob(run)));
      for (const { resolve } of gathered) resolve();
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }
}

interface Gathered {
  readonly run: Dispatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const toJob = ({ runId, fence, dispatch }: Dispatch) => ({
  name: RUN_QUEUE,
  data: { runId, fence },
  opts: { jobId: jobId(runId, dispatch) },
});

/** BullMQ silently drops a job whose id already exists; the number makes each id unique. Ids must not contain a colon. */
const jobId = (runId: string, dispatch: number): string => `${runId}-${dispatch}`;
