import { Worker } from 'bullmq';
import type { AssistantCall, CallReply, Database, EventEngine } from '#runtime';
import { CallStore } from '#runtime';
import { answerCall, parseJob } from '#runtime/worker';
import { CALL_QUEUE } from '../../../libs/runtime/src/jobs/call-queue.js';
import type { StoreSettings } from '../../../libs/runtime/src/nest/connect-event-engine.js';
import { queueOptions } from '../../../libs/runtime/src/nest/queue-connection.js';

export interface CallWorkerOptions {
  readonly stores: StoreSettings;
  readonly db: Database;
  readonly engine: EventEngine;
  readonly handle: (call: AssistantCall) => Promise<CallReply>;
}

/** The part of a worker that answers calls, with the test's handler. */
export async function startCallWorker({ stores, db, engine, handle }: CallWorkerOptions) {
  const logged: unknown[] = [];
  const deps = { store: new CallStore(db), bus: engine.bus, onError: (error: unknown) => void logged.push(error) };
  /** The worker's processor for a job's data. */
  const answer = (data: unknown): Promise<void> => answerCall(deps, parseJob('assistant-call', data).callId, handle);
  const worker = new Worker(CALL_QUEUE, (job) => answer(job.data), await queueOptions(stores, db.system));
  worker.on('error', (error) => logged.push(error));
  await worker.waitUntilReady();
  return { logged, answer, close: () => worker.close() };
}
