import { type Job, WaitingError, type Worker } from 'bullmq';
import type { ActiveRuns } from '../attempt/active-runs.js';

/**
 * Does the work of a job that the queue has given to this worker. A worker that was asked to stop still gets the job
 * that it was waiting for at that moment: it returns it unread, and another worker takes it.
 */
export function takeJob<Result>(
  worker: Pick<Worker, 'isPaused'>,
  active: ActiveRuns,
  job: Job,
  token: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  return active.during(async () => {
    if (!worker.isPaused()) return work();
    await job.moveToWait(token);
    throw new WaitingError();
  });
}
