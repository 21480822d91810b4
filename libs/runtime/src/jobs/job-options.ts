import type { JobsOptions } from 'bullmq';

/** How long a worker waits before it requests a job again, after the queue was unavailable. */
export const QUEUE_RETRY_MS = 1_000;

/** What has ended is retained for the dashboard. The outcome of the run or the call is in Postgres. */
export const RETAINED = { age: 24 * 3600, count: 1_000 };

/**
 * Past events of a queue, which nobody here reads: the dashboard reads jobs. Redis trims in steps of about this many; BullMQ has no way
 * to turn them off, and keeps 10,000 otherwise.
 */
export const QUEUE_STREAMS = { events: { maxLen: 100 } };

/** By number alone: `EndedJobs` looks after the age, which BullMQ would do with each job that ends. */
const KEPT = { count: RETAINED.count };

/** One attempt: only the run lifecycle retries. */
export const JOB_OPTIONS: JobsOptions = { attempts: 1, removeOnComplete: KEPT, removeOnFail: KEPT };
