import { UnrecoverableError } from 'bullmq';
import { operatorHint, type RunErrorCode } from '#runtime';
import type { AttemptEnd } from '../attempt/attempt-end.js';

/** What the dashboard shows of a job that is done. */
export type JobResult = 'completed' | 'cancelled' | 'handed_over' | 'lost' | 'nothing_to_claim';

/**
 * A run has failed, and is settled: its job stands in the dashboard as failed, with the code and what to do about it. Not with the
 * cause, which may repeat what a person wrote; that is on the run. The queue never tries such a job again.
 */
export class RunFailed extends UnrecoverableError {
  constructor(code: RunErrorCode) {
    super(`${code}: ${operatorHint(code)}`);
    // The queue would store where it was thrown, which says nothing about the failure.
    this.stack = '';
  }
}

/** Throws {@link RunFailed} for a run that has failed. */
export function jobResult(end: AttemptEnd): JobResult {
  if (typeof end === 'string') return end;
  if (end.state === 'failed') throw new RunFailed(end.errorCode ?? 'run.internal');
  return end.state;
}
