import { answerCall, type CallStore, type EventEngine, type Logger } from '#runtime';
import type { AssistantCallHandler } from './assistant-call-handler.js';

/** What it takes to answer calls. */
export interface CallRunnerDeps {
  readonly store: CallStore;
  readonly engine: Pick<EventEngine, 'bus'>;
  readonly handler: AssistantCallHandler;
  readonly logger: Logger;
}

/** Answers one call, with this worker's dependencies, to be injected. */
export class CallRunner {
  constructor(private readonly deps: CallRunnerDeps) {}

  run({ callId }: { readonly callId: string }): Promise<void> {
    const { store, engine, handler, logger } = this.deps;
    const onError = (error: Error): void => logger.error({ err: error, callId }, 'a call failed');
    return answerCall({ store, bus: engine.bus, onError }, callId, (call) => handler.handle(call));
  }
}
