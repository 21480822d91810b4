import { isHidden, type RequestOf } from '#chatkit';
import { AppError } from '#runtime';
import { assertFeature } from '../assistants/assistants.js';
import type { Caller } from './caller.js';
import type { JsonDeps } from './json-deps.js';

/** A click that is answered with JSON, also while the thread is being answered (RQ-19, GF-41). */
export async function syncCustomAction(
  { store, calls }: JsonDeps,
  { auth, assistant, context }: Caller,
  params: RequestOf<'threads.sync_custom_action'>['params'],
): Promise<object> {
  const { thread_id: threadId, item_id: itemId, action } = params;
  assertFeature(assistant, 'sync_action');
  await store.loadThread(auth, threadId);
  if (itemId !== undefined) {
    const sender = await store.loadItem(auth, threadId, itemId);
    if (sender.type !== 'widget') throw new AppError('item.wrong_kind', `The item ${itemId} is no widget.`);
  }
  const payload = { threadId, itemId, action };
  const { updatedItem } = await calls.call(auth, assistant.id, 'sync_action', payload, context);
  return updatedItem && !isHidden(updatedItem) ? { updated_item: updatedItem } : {};
}

/**
 * Stored here, then told to the assistant if it wants to know (RQ-24). Nobody waits for that, and its failure is not
 * the user's.
 */
export async function sendFeedback(
  { feedback, calls, logger }: JsonDeps,
  { auth, assistant, context }: Caller,
  params: RequestOf<'items.feedback'>['params'],
): Promise<object> {
  const given = { threadId: params.thread_id, itemIds: params.item_ids, kind: params.kind };
  await feedback.add(auth, given);
  if (assistant.features.includes('feedback')) {
    calls
      .call(auth, assistant.id, 'feedback', given, context)
      .catch((error: Error) => logger.warn({ err: error, requestId: auth.requestId }, 'feedback was not passed on'));
  }
  return {};
}

/** Speech to text (RQ-25); what stands behind the media type, such as the codec, is left out. */
export async function transcribe(
  { calls }: JsonDeps,
  { auth, assistant, context }: Caller,
  params: RequestOf<'input.transcribe'>['params'],
): Promise<object> {
  assertFeature(assistant, 'transcribe');
  const mimeType = (params.mime_type.split(';', 1)[0] ?? '').trim();
  const payload = { audioBase64: params.audio_base64, mimeType };
  const { text } = await calls.call(auth, assistant.id, 'transcribe', payload, context);
  return { text };
}
