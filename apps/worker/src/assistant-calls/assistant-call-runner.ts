import { Injectable } from '@nestjs/common';
import type { AssistantContext } from '#chatkit';
import { type ModelAttempt, type ModelCaller, unlessAborted } from '#providers';
import {
  AppError,
  type AssistantCall,
  type AuthContext,
  type CallReply,
  CallStore,
  EventEngine,
  Logger,
  UsageStore,
} from '#runtime';
import { answerCall } from '#runtime/worker';
import type { Booking } from '../accounting/booked-call.js';
import { frameLogger } from '../accounting/frame-logger.js';
import { logModelAttempt } from '../accounting/log-model-attempt.js';
import { usageByModel } from '../accounting/model-usage.js';
import type { Assistant } from '../assistants/assistant.js';
import { Assistants } from '../assistants/assistants.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { generator } from '../context/generate-text.js';
import { ModelMetrics } from '../metrics/model-metrics.js';
import { Hooks } from '../hooks/hooks.js';
import { ProviderNames } from '../attempt/provider-names.js';
import { RunTrace } from '../attempt/run-trace.js';
import { LEAVE_AFTER_MS } from '../attempt/leave-after.js';
import type { ModelRegistry } from '../providers/model-registry.js';
import { TenantModels } from '../providers/tenant-models.js';
import { callAssistant } from './assistant-callbacks.js';
import { CallWords } from './call-words.js';

/** The asker has given up by then. */
const DEADLINE_MS = 30_000;

/** What an assistant's code is given during a call. */
interface Surroundings {
  readonly registry: ModelRegistry;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly booking: Booking;
  readonly whenOver: (release: () => void) => void;
}

const timedOut = ({ kind, assistantId }: AssistantCall): AppError =>
  new AppError('call.timeout', `${assistantId} did not answer within ${DEADLINE_MS / 1_000} s (${kind}).`);

/** Answers assistant calls: what needs an assistant's code and no stream. */
@Injectable()
export class AssistantCallRunner {
  constructor(
    private readonly calls: CallStore,
    private readonly engine: EventEngine,
    private readonly assistants: Assistants,
    private readonly contexts: AssistantContexts,
    private readonly tenants: TenantModels,
    private readonly hooks: Hooks,
    private readonly usage: UsageStore,
    private readonly modelMetrics: ModelMetrics,
    private readonly names: ProviderNames,
    private readonly logger: Logger,
  ) {}

  run({ callId }: { readonly callId: string }): Promise<void> {
    const { calls: store, engine } = this;
    const words = new CallWords();
    const onError = (error: unknown, call: AssistantCall): void => void this.logFailure(error, call, words);
    return answerCall({ store, bus: engine.bus, onError }, callId, (call) => this.reply(call, words));
  }

  private async logFailure(error: unknown, call: AssistantCall, words: CallWords): Promise<void> {
    this.logger.error({ ...idsOf(call), ...(await words.failure(error, call)) }, 'an assistant call failed');
  }

  /** @throws `AppError`, which reaches the asker in its own words; everything else reaches the log only */
  async reply(call: AssistantCall, words = new CallWords()): Promise<CallReply> {
    const assistant = this.assistants.get(call.assistantId);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const registry = await this.tenants.of(call.tenantId);
    const logger = this.logger.child({ ...idsOf(call), assistantId: assistant.id });
    const trace = RunTrace.beginCall(call, this.names);
    const { booking, booked } = this.bookingOf(call, logger, trace);
    const atEnd: (() => void)[] = [];
    const whenOver = (release: () => void): void => void atEnd.push(release);
    const ctx = words.heardBy(this.contextOf(call, assistant, { registry, signal, logger, booking, whenOver }));
    const reply = callAssistant(assistant, ctx, call, (model, speech) =>
      registry.transcribe(model, speech, signal, { observe: trace?.observeSpeech, report: booking.record }),
    );
    let failure: { readonly error: unknown } | undefined;
    try {
      return await unlessAborted(signal, reply, LEAVE_AFTER_MS);
    } catch (error) {
      failure = { error };
      throw signal.aborted && error === signal.reason ? timedOut(call) : error;
    } finally {
      for (const release of atEnd) release();
      trace?.endCall(failure);
      // Before the answer releases what the call has reserved.
      await booked();
    }
  }

  private contextOf(
    call: AssistantCall,
    assistant: Assistant,
    { registry, signal, logger, booking, whenOver }: Surroundings,
  ): AssistantContext {
    const { model } = assistant.definition;
    const ownModel = typeof model === 'string' ? model : undefined;
    const models = this.hooks.over(registry, booking.caller, logger);
    const auth: AuthContext = {
      tenantId: call.tenantId,
      userId: call.ownerId,
      roles: [],
      requestId: call.context.requestId ?? call.callId,
    };
    return this.contexts.create({
      assistantId: assistant.id,
      auth,
      locale: call.context.locale,
      headers: call.context.headers ?? {},
      signal,
      isTooLate: () => signal.aborted,
      held: this.contexts.filesOf(auth, signal, whenOver),
      logger,
      generate: generator((name) => models.resolve(name ?? ownModel), signal, booking),
    });
  }

  /** Model calls are booked one by one, under the assistant call's id: there is no run. `booked`: those until now are. */
  private bookingOf(call: AssistantCall, logger: Logger, trace: RunTrace | undefined) {
    const { callId, tenantId, ownerId } = call;
    const pending = new Set<Promise<void>>();
    const booking = {
      caller: callerOf(call),
      onFrame: frameLogger(logger),
      observe: trace?.observe,
      record: (attempt: ModelAttempt) => {
        logModelAttempt(logger, attempt);
        this.modelMetrics.attempt(attempt);
        const usage = usageByModel([attempt]);
        const adding = this.usage
          .add({ runId: callId, fence: 0, tenantId, ownerId }, usage)
          .catch((error: Error) => logger.error({ err: error, usage }, 'cannot book model usage'))
          .finally(() => pending.delete(adding));
        pending.add(adding);
      },
    } satisfies Booking;
    return { booking, booked: () => Promise.all(pending) };
  }
}

/** For its log lines. */
const idsOf = (call: AssistantCall) => ({ callId: call.callId, ...callerOf(call) });

/** For whom its models are called. */
const callerOf = ({ tenantId, ownerId, context, payload }: AssistantCall): ModelCaller => ({
  ...(context.requestId !== undefined && { requestId: context.requestId }),
  ...('threadId' in payload && { threadId: payload.threadId }),
  tenantId,
  userId: ownerId,
});
