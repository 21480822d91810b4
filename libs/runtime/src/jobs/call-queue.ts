import type { Queue } from 'bullmq';
import type { JobName, JobPayload } from './catalogue.js';
import { inTime } from './in-time.js';

/** The queue, and the name of its jobs. */
export const CALL_QUEUE = 'assistant-call' satisfies JobName;

/** The producer's side of the queue of calls. */
export class CallQueue {
  constructor(
    readonly queue: Queue<JobPayload<'assistant-call'>>,
    onError: (error: Error) => void,
  ) {
    queue.on('error', onError);
  }

  /** Rejects when the queue gives no answer. */
  async add(callId: string): Promise<void> {
    await inTime(this.queue.add(CALL_QUEUE, { callId }, { jobId: callId }));
  }
}
