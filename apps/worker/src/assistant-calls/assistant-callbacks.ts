import type { AssistantContext, WidgetItem } from '#chatkit';
import type { Speech } from '#providers';
import { AppError, type AssistantCall, type CallPayload, type CallReply } from '#runtime';
import type { Assistant } from '../assistants/assistant.js';

/** Speech to text by a model, for assistants that do not do it themselves. */
export type TranscribeBy = (model: string, speech: Speech) => Promise<string>;

/** The assistant's own reply to a call. The reply's shape follows the call's kind. */
export async function callAssistant(
  assistant: Assistant,
  ctx: AssistantContext,
  call: AssistantCall,
  transcribeBy: TranscribeBy,
): Promise<CallReply> {
  switch (call.kind) {
    case 'sync_action':
      return syncAction(assistant, ctx, call.payload);
    case 'feedback':
      await assistant.definition.onFeedback?.(ctx, call.payload);
      return {};
    case 'transcribe':
      return { text: await transcribe(assistant, ctx, call.payload, transcribeBy) };
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
  { definition, transcriptionModel }: Assistant,
  ctx: AssistantContext,
  { audioBase64, mimeType }: CallPayload<'transcribe'>,
  transcribeBy: TranscribeBy,
): Promise<string> {
  const bytes = Buffer.from(audioBase64, 'base64');
  const mediaType = withoutParameters(mimeType);
  if (definition.transcribe) return definition.transcribe(ctx, { bytes, mediaType, mimeType });
  if (transcriptionModel === undefined) throw notConfigured('dictation');
  return transcribeBy(transcriptionModel, { bytes, mediaType });
}
