import type { JobsOptions } from 'bullmq';

/** How long a worker waits before it requests a job again, after the queue was unavailable. */
export const QUEUE_RETRY_MS = 1_000;

/**
 * One attempt: only the run lifecycle retries. Failed jobs are retained for the dashboard; the outcome of the run or the
 * call is in Postgres.
 */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: { age: 24 * 3600, count: 1000 },
};
