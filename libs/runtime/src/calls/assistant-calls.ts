import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError, isAppErrorCode } from '../errors/app-error.js';
import { EventEngine } from '../events/event-engine.js';
import { callChannel, type RunBus, type Unlisten } from '../events/run-bus.js';
import { CallQueue } from '../jobs/call-queue.js';
import { Logger } from '../platform/logger.js';
import { InstanceId } from '../platform/process-ids.js';
import type { RunContext } from '../runs/run.js';
import { type CallKind, type CallPayload, type CallReply, calls, type StoredReply } from './call.js';
import { CallStore } from './call-store.js';

/** How long a caller waits. */
@Injectable()
export class AssistantCallTimes {
  /** For the assistant's reply. */
  readonly deadlineMs: number = 30_000;
  /** Between two looks at the row, in case a notification was lost. */
  readonly pollMs: number = 2_000;
}

/** The calling side: a row for the request, a job that names it, and a notification when the row has its reply. */
@Injectable()
export class AssistantCalls {
  private readonly waiting = new Map<string, () => void>();
  private unlisten: Unlisten | undefined;

  private readonly bus: RunBus;
  private readonly instance: string;

  constructor(
    private readonly store: CallStore,
    private readonly queue: CallQueue,
    engine: EventEngine,
    { id }: InstanceId,
    private readonly times: AssistantCallTimes,
    private readonly logger: Logger,
  ) {
    this.bus = engine.bus;
    this.instance = id;
  }

  async start(): Promise<void> {
    this.unlisten = await this.bus.listen(callChannel(this.instance), (message) =>
      this.waiting.get(message.toString('utf8'))?.(),
    );
  }

  async stop(): Promise<void> {
    await this.unlisten?.();
  }

  /**
   * Calls an assistant and waits for its reply; until then it reserves of its caller's quotas like a run. Throws `AppError`
   * `quota.exceeded`, `service.unavailable`, `call.timeout` after 30 s, the error that the assistant replies with, or `call.failed`.
   */
  async call<Kind extends CallKind>(
    auth: AuthContext,
    assistantId: string,
    kind: Kind,
    payload: CallPayload<Kind>,
    context: RunContext,
  ): Promise<CallReply<Kind>> {
    const { store, queue, instance } = this;
    const callId = `call_${randomBytes(16).toString('hex')}`;
    await store.ask(auth, { callId, kind, assistantId, payload, context, askedBy: instance });
    try {
      await queue.add(callId).catch((error: Error) => {
        this.logger.warn({ err: error }, 'cannot add the job of an assistant call');
        throw new AppError('service.unavailable', 'The server cannot pass this on right now.');
      });
      const reply = await this.replyTo(auth, callId);
      if ('error' in reply) throw toAppError(reply.error);
      return calls[kind].reply.parse(reply.value) as CallReply<Kind>;
    } finally {
      // A row that cannot be deleted now is swept later.
      await store
        .forget(auth, callId)
        .catch((error: Error) => this.logger.warn({ err: error }, 'cannot delete an assistant call'));
    }
  }

  private async replyTo(auth: AuthContext, callId: string): Promise<StoredReply> {
    const { deadlineMs, pollMs } = this.times;
    const deadline = performance.now() + deadlineMs;
    try {
      for (;;) {
        // Subscribed before the row is read, so that a notification in between is not lost.
        const poked = this.poke(callId, Math.min(pollMs, Math.max(0, deadline - performance.now())));
        const reply = await this.store.reply(auth, callId);
        if (reply) return reply;
        if (performance.now() >= deadline) throw new AppError('call.timeout', 'The assistant took too long.');
        await poked;
      }
    } finally {
      this.waiting.get(callId)?.();
      this.waiting.delete(callId);
    }
  }

  private poke(callId: string, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.waiting.set(callId, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

const toAppError = ({ code, message }: { readonly code: string; readonly message: string }): AppError =>
  new AppError(isAppErrorCode(code) ? code : 'call.failed', message);
