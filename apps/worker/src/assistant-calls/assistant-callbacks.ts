import type { AssistantContext, WidgetItem } from '#chatkit';
import { AppError, type AssistantCall, type CallPayload, type CallReply } from '#runtime';
import type { Assistant } from '../assistants/assistant.js';

/** The assistant's own reply to a call. The reply's shape follows the call's kind. */
export async function callAssistant(
  assistant: Assistant,
  ctx: AssistantContext,
  call: AssistantCall,
): Promise<CallReply> {
  switch (call.kind) {
    case 'sync_action':
      return syncAction(assistant, ctx, call.payload);
    case 'feedback':
      await assistant.definition.onFeedback?.(ctx, call.payload);
      return {};
    case 'transcribe':
      return transcribe(assistant, ctx, call.payload);
    default:
      return call satisfies never;
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

const withoutParameters = (mimeType: string): string => (mimeType.split(';', 1)[0] ?? '').trim();

async function transcribe(
  { definition }: Assistant,
  ctx: AssistantContext,
  { audioBase64, mimeType }: CallPayload<'transcribe'>,
): Promise<CallReply<'transcribe'>> {
  if (!definition.transcribe) throw notConfigured('dictation');
  const bytes = Buffer.from(audioBase64, 'base64');
  return { text: await definition.transcribe(ctx, { bytes, mediaType: withoutParameters(mimeType), mimeType }) };
}
