import { Worker } from 'bullmq';
import type { AssistantCall, CallReply, Database, EventEngine, Logger } from '#runtime';
import { CallStore, parseJob } from '#runtime';
import { AssistantCallHandler } from '../../../apps/worker/src/assistant-calls/assistant-call-handler.js';
import { CallRunner } from '../../../apps/worker/src/assistant-calls/call-runner.js';
import { CALL_QUEUE } from '../../../libs/runtime/src/jobs/call-queue.js';
import { queueConnection } from '../../../libs/runtime/src/nest/queue-connection.js';

class Handler extends AssistantCallHandler {
  constructor(readonly handle: (call: AssistantCall) => Promise<CallReply>) {
    super();
  }
}

export interface CallWorkerOptions {
  readonly urls: { readonly databaseUrl: string; readonly redisUrl: string | undefined };
  readonly db: Database;
  readonly engine: EventEngine;
  readonly handle: (call: AssistantCall) => Promise<CallReply>;
}

/** The part of a worker that answers calls, with a handler of the test's. */
export async function startCallWorker({ urls, db, engine, handle }: CallWorkerOptions) {
  const logged: unknown[] = [];
  const logger = { error: (fields: unknown) => logged.push(fields) } as unknown as Logger;
  const runner = new CallRunner({ store: new CallStore(db), engine, handler: new Handler(handle), logger });
  /** What the processor does with a job's data. */
  const answer = (data: unknown): Promise<void> => runner.run(parseJob('assistant-call', data));
  const worker = new Worker(CALL_QUEUE, (job) => answer(job.data), { connection: queueConnection(urls) });
  worker.on('error', (error) => logged.push(error));
  await worker.waitUntilReady();
  return { logged, answer, close: () => worker.close() };
}
