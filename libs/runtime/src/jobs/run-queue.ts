import type { JobsOptions, Queue } from 'bullmq';
import type { Dispatch } from '../runs/admit.js';
import type { JobName, JobPayload } from './catalogue.js';

/** The queue, and the name of its jobs. */
export const RUN_QUEUE = 'run-turn' satisfies JobName;

/**
 * One attempt: trying again is the lifecycle's decision. Failed jobs are kept for the dashboard; what became of the
 * run stands in Postgres.
 */
export const RUN_JOB_OPTIONS: JobsOptions = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: { age: 24 * 3600, count: 1000 },
};

/** BullMQ gives no answer while its store is away; nobody here waits longer than this. */
const ANSWER_TIMEOUT_MS = 3_000;

/** The producer's side of the turn queue. */
export class RunQueue {
  constructor(
    readonly queue: Queue<JobPayload<'run-turn'>>,
    onError: (error: Error) => void,
  ) {
    queue.on('error', onError);
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

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The queue gave no answer in ${ANSWER_TIMEOUT_MS} ms.`)),
      ANSWER_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
