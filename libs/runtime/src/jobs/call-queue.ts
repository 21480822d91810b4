import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Logger } from '../platform/logger.js';
import { warnSparingly } from '../platform/sparingly.js';
import type { JobName, JobPayload } from './catalogue.js';
import { inTime } from './in-time.js';

/** The queue, and the name of its jobs. */
export const CALL_QUEUE = 'assistant-call' satisfies JobName;

/** Adds jobs to the queue of assistant calls. */
@Injectable()
export class CallQueue {
  constructor(
    @InjectQueue(CALL_QUEUE) readonly queue: Queue<JobPayload<'assistant-call'>>,
    logger: Logger,
  ) {
    queue.on('error', warnSparingly(logger, 'queue of calls'));
  }

  /** Rejects when the queue does not reply. */
  async add(callId: string): Promise<void> {
    await inTime(this.queue.add(CALL_QUEUE, { callId }, { jobId: callId }));
  }
}
