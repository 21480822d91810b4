import { Injectable } from '@nestjs/common';
import { CallQueue } from './call-queue.js';
import { inTime } from './in-time.js';
import { RETAINED } from './job-options.js';
import { RunQueue } from './run-queue.js';

/** Those of a queue that has ended more are of the last hours anyway. */
const AT_ONCE = 1_000;

/**
 * Removes ended jobs by their age: BullMQ does so only when another job of the queue ends, so that the last ones before a quiet
 * time would stay.
 */
@Injectable()
export class EndedJobs {
  constructor(
    private readonly runs: RunQueue,
    private readonly calls: CallQueue,
  ) {}

  /** Returns how many. */
  async removeOld(ageMs = RETAINED.age * 1_000): Promise<number> {
    let removed = 0;
    for (const { queue } of [this.runs, this.calls]) {
      for (const state of ['completed', 'failed'] as const) {
        removed += (await inTime(queue.clean(ageMs, AT_ONCE, state))).length;
      }
    }
    return removed;
  }
}
