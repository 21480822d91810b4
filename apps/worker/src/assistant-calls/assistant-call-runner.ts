import { Injectable } from '@nestjs/common';
import type { AssistantContext } from '#chatkit';
import { AppError, type AssistantCall, type CallReply, CallStore, EventEngine, Logger, UsageStore } from '#runtime';
import { answerCall } from '#runtime/worker';
import type { Booking } from '../accounting/booked-call.js';
import { logModelAttempt } from '../accounting/log-model-attempt.js';
import { usageByModel } from '../accounting/model-usage.js';
import type { Assistant } from '../assistants/assistant.js';
import { Assistants } from '../assistants/assistants.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { generator } from '../context/generate-text.js';
import { Hooks } from '../hooks/hooks.js';
import { LEAVE_AFTER_MS, unlessAborted } from '../attempt/unless-aborted.js';
import type { ModelRegistry } from '../providers/model-registry.js';
import { TenantModels } from '../providers/tenant-models.js';
import { callAssistant } from './assistant-callbacks.js';

/** The asker has given up by then. */
const DEADLINE_MS = 30_000;

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
    private readonly logger: Logger,
  ) {}

  run({ callId }: { readonly callId: string }): Promise<void> {
    const { calls: store, engine, logger } = this;
    const onError = (error: Error): void => logger.error({ err: error, callId }, 'an assistant call failed');
    return answerCall({ store, bus: engine.bus, onError }, callId, (call) => this.reply(call));
  }

  /** @throws `AppError`, which reaches the asker in its own words; everything else reaches the log only */
  async reply(call: AssistantCall): Promise<CallReply> {
    const assistant = this.assistants.get(call.assistantId);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const registry = await this.tenants.of(call.tenantId);
    const reply = callAssistant(assistant, this.contextOf(call, assistant, registry, signal), call);
    return unlessAborted(signal, reply, LEAVE_AFTER_MS).catch((error: unknown) => {
      throw signal.aborted && error === signal.reason ? timedOut(call) : error;
    });
  }

  private contextOf(
    call: AssistantCall,
    assistant: Assistant,
    registry: ModelRegistry,
    signal: AbortSignal,
  ): AssistantContext {
    const logger = this.logger.child({ callId: call.callId, assistantId: assistant.id });
    const { model } = assistant.definition;
    const ownModel = typeof model === 'string' ? model : undefined;
    const booking = this.bookingOf(call, logger);
    const models = this.hooks.over(registry, booking.caller);
    return this.contexts.create({
      assistantId: assistant.id,
      auth: {
        tenantId: call.tenantId,
        userId: call.ownerId,
        roles: [],
        requestId: call.context.requestId ?? call.callId,
      },
      locale: call.context.locale,
      headers: call.context.headers ?? {},
      signal,
      isTooLate: () => signal.aborted,
      logger,
      generate: generator((name) => models.resolve(name ?? ownModel), signal, booking),
    });
  }

  /** Model calls are booked one by one, under the assistant call's id: there is no run. */
  private bookingOf({ callId, tenantId, ownerId }: AssistantCall, logger: Logger): Booking {
    return {
      caller: { tenantId, userId: ownerId },
      record: (attempt) => {
        logModelAttempt(logger, attempt);
        const usage = usageByModel([attempt]);
        this.usage
          .add({ runId: callId, fence: 0, tenantId, ownerId }, usage)
          .catch((error: Error) => logger.error({ err: error, usage }, 'cannot book model usage'));
      },
    };
  }
}
