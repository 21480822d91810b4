import { randomBytes } from 'node:crypto';
import type { AuthContext } from '../auth/auth-context.js';
import { AppError, isAppErrorCode } from '../errors/app-error.js';
import { callChannel, type RunBus, type Unlisten } from '../events/run-bus.js';
import type { CallQueue } from '../jobs/call-queue.js';
import type { RunContext } from '../runs/run.js';
import { type CallKind, type CallPayload, type CallReply, calls, type StoredReply } from './call.js';
import type { CallStore } from './call-store.js';

/** How long an assistant may take for one call. */
const DEADLINE_MS = 30_000;
/** The net under a poke that got lost. */
const POLL_MS = 2_000;

export interface AssistantCallsDeps {
  readonly store: CallStore;
  readonly queue: Pick<CallQueue, 'add'>;
  readonly bus: RunBus;
  /** The id of this process among those that wait for replies. */
  readonly instance: string;
  readonly onError: (error: Error) => void;
  readonly deadlineMs?: number;
  readonly pollMs?: number;
}

/** The asking side: a row for the question, a job that names it, and a poke when the row has its reply. */
export class AssistantCalls {
  private readonly waiting = new Map<string, () => void>();
  private unlisten: Unlisten | undefined;

  constructor(private readonly deps: AssistantCallsDeps) {}

  async start(): Promise<void> {
    const { bus, instance } = this.deps;
    this.unlisten = await bus.listen(callChannel(instance), (message) =>
      this.waiting.get(message.toString('utf8'))?.(),
    );
  }

  async stop(): Promise<void> {
    await this.unlisten?.();
  }

  /**
   * Asks an assistant and waits for its reply. Throws `AppError` `service.unavailable`, `call.timeout` after 30 s,
   * the error that the assistant answers with, or `call.failed`.
   */
  async call<Kind extends CallKind>(
    auth: AuthContext,
    assistantId: string,
    kind: Kind,
    payload: CallPayload<Kind>,
    context: RunContext,
  ): Promise<CallReply<Kind>> {
    const { store, queue, instance, onError } = this.deps;
    const callId = `call_${randomBytes(16).toString('hex')}`;
    await store.ask(auth, { callId, kind, assistantId, payload, context, askedBy: instance });
    try {
      await queue.add(callId).catch((error: Error) => {
        onError(error);
        throw new AppError('service.unavailable', 'The server cannot pass this on right now.');
      });
      const reply = await this.replyTo(callId);
      if ('error' in reply) throw toAppError(reply.error);
      return calls[kind].reply.parse(reply.value) as CallReply<Kind>;
    } finally {
      // What cannot be deleted now is swept later.
      await store.forget(callId).catch(onError);
    }
  }

  private async replyTo(callId: string): Promise<StoredReply> {
    const { store, deadlineMs = DEADLINE_MS, pollMs = POLL_MS } = this.deps;
    const deadline = performance.now() + deadlineMs;
    try {
      for (;;) {
        // Armed before the row is read: a poke that comes in between is not lost.
        const poked = this.poke(callId, Math.min(pollMs, Math.max(0, deadline - performance.now())));
        const reply = await store.reply(callId);
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
