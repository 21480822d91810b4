import type { JobsOptions } from 'bullmq';

/** How long a worker waits before it asks again for a job, after the queue was out of reach. */
export const QUEUE_RETRY_MS = 1_000;

/**
 * One attempt: trying again is nobody's decision but the lifecycle's. Failed jobs are kept for the dashboard; what
 * became of the run or the call stands in Postgres.
 */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: { age: 24 * 3600, count: 1000 },
};
