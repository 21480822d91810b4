import type { AssistantContext, WidgetItem } from '#chatkit';
import type { Registry } from '#providers';
import { AppError, type AssistantCall, type CallPayload, type CallReply, type Logger, type UsageStore } from '#runtime';
import { logAttempt } from '../accounting/log-model-attempt.js';
import { usageByModel } from '../accounting/model-usage.js';
import type { Booking } from '../accounting/booked-call.js';
import { generator } from '../context/generate-text.js';
import type { Assistant } from '../assistants/assistant.js';
import type { Assistants } from '../assistants/assistants.js';
import type { Hooks } from '../hooks/hooks.js';
import { assistantContext, type ContextDeps } from '../context/assistant-context.js';
import { AssistantCallHandler } from './assistant-call-handler.js';

export interface AssistantHooksDeps extends ContextDeps {
  readonly assistants: Assistants;
  readonly registry: Registry;
  /** The operator's, around the models that an assistant's hook asks. */
  readonly hooks: Hooks;
  readonly usage: Pick<UsageStore, 'add'>;
  readonly logger: Logger;
}

/** The asker has given up by then. */
const DEADLINE_MS = 30_000;

/** Calls of assistants' hooks that need no stream. */
export class AssistantHooks extends AssistantCallHandler {
  constructor(private readonly deps: AssistantHooksDeps) {
    super();
  }

  override async handle(call: AssistantCall): Promise<CallReply> {
    const assistant = this.deps.assistants.get(call.assistantId);
    const ctx = this.contextOf(call, assistant);
    switch (call.kind) {
      case 'sync_action':
        return syncAction(assistant, ctx, call.payload);
      case 'feedback':
        await assistant.definition.onFeedback?.(ctx, call.payload);
        return {};
      case 'transcribe':
        return transcribe(assistant, ctx, call.payload);
    }
  }

  private contextOf(call: AssistantCall, assistant: Assistant): AssistantContext {
    const logger = this.deps.logger.child({ callId: call.callId, assistantId: assistant.id });
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const { model } = assistant.definition;
    const ownModel = typeof model === 'string' ? model : undefined;
    const booking = this.bookingOf(call, logger);
    const registry = this.deps.hooks.over(this.deps.registry, booking.caller);
    return assistantContext(this.deps, {
      assistantId: assistant.id,
      auth: {
        tenantId: call.tenantId,
        userId: call.ownerId,
        requestId: call.context.requestId ?? call.callId,
      },
      locale: call.context.locale,
      headers: call.context.headers ?? {},
      signal,
      logger,
      generate: generator((name) => registry.resolve(name ?? ownModel), signal, booking),
    });
  }

  /** Booked one by one, under the call's id: a hook has no run. */
  private bookingOf({ callId, tenantId, ownerId }: AssistantCall, logger: Logger): Booking {
    return {
      caller: { tenantId, userId: ownerId },
      record: (attempt) => {
        logAttempt(logger, attempt);
        const usage = usageByModel([attempt]);
        this.deps.usage
          .add({ runId: callId, fence: 0, tenantId, ownerId }, usage)
          .catch((error: Error) => logger.error({ err: error, usage }, 'cannot book model usage'));
      },
    };
  }
}

const notConfigured = (what: string): AppError =>
  new AppError('feature.not_configured', `This assistant has no ${what}.`);

async function syncAction(
  { definition }: Assistant,
  ctx: AssistantContext,
  { threadId, itemId, action }: CallPayload<'sync_action'>,
): Promise<CallReply<'sync_action'>> {
  if (!definition.syncAction) throw notConfigured('sync actions');
  const sender = itemId === undefined ? undefined : await ctx.store.loadItem(threadId, itemId);
  const item: WidgetItem | undefined = sender?.type === 'widget' ? sender : undefined;
  const updatedItem = await definition.syncAction(ctx, action, { threadId, item });
  return { updatedItem };
}

async function transcribe(
  { definition }: Assistant,
  ctx: AssistantContext,
  { audioBase64, mimeType }: CallPayload<'transcribe'>,
): Promise<CallReply<'transcribe'>> {
  if (!definition.transcribe) throw notConfigured('dictation');
  const bytes = Buffer.from(audioBase64, 'base64');
  return { text: await definition.transcribe(ctx, { bytes, mediaType: mimeType }) };
}
