import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Batcher } from '../platform/batcher.js';
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
  private readonly adding: Batcher<Dispatch, void>;

  constructor(
    @InjectQueue(RUN_QUEUE) readonly queue: Queue<JobPayload<'run-turn'>>,
    logger: Logger,
  ) {
    queue.on('error', warnSparingly(logger, 'queue'));
    this.adding = new Batcher({
      together: async (runs) => {
        await queue.addBulk(runs.map(toJob));
        return new Map(runs.map((run) => [run, undefined]));
      },
      alone: async (run) => {
        await queue.addBulk([toJob(run)]);
      },
    });
  }

  /**
   * Adds the job of a run that may start now. Rejects when the queue does not reply; the job may still be added
   * later, in addition to the sweeper's: only one of them finds a run to claim. Jobs that are added together are one round trip.
   */
  async add(run: Dispatch): Promise<void> {
    await inTime(this.adding.do(run));
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

const toJob = ({ runId, fence, dispatch }: Dispatch) => ({
  name: RUN_QUEUE,
  data: { runId, fence },
  opts: { jobId: jobId(runId, dispatch) },
});

/** BullMQ silently drops a job whose id already exists; the number makes each id unique. Ids must not contain a colon. */
const jobId = (runId: string, dispatch: number): string => `${runId}-${dispatch}`;
