import { newId, type StreamingRequest, type UserMessageItem } from '#chatkit';
import type { MessageTurn, ThreadStore, TurnRequest } from '#runtime';
import type { ModelNames } from '../models/model-names.js';
import type { Caller } from './caller.js';

/**
 * What a streaming request asks of the lifecycle, with the ids that it will have. Throws `AppError` for a model that no
 * provider has and for what a message refers to and does not exist; the rest is refused by admission.
 */
export async function toTurnRequest(
  store: ThreadStore,
  models: ModelNames,
  caller: Caller,
  request: StreamingRequest,
): Promise<TurnRequest> {
  const fields = {
    runId: newId('run'),
    assistantId: caller.assistant.id,
    context: caller.context,
    idempotency: caller.idempotency,
  };
  switch (request.type) {
    case 'threads.create':
    case 'threads.add_user_message':
      return {
        ...fields,
        ...(await toMessage(store, models, caller, request)),
        doubleTexting: caller.assistant.doubleTexting,
      };
    case 'threads.retry_after_item': {
      const { thread_id: threadId, item_id: itemId } = request.params;
      await assertModelStillKnown(store, models, caller, threadId, itemId);
      return { ...fields, trigger: request.type, threadId, itemId };
    }
    case 'threads.add_client_tool_output':
      return { ...fields, trigger: request.type, threadId: request.params.thread_id, result: request.params.result };
    case 'threads.add_structured_input': {
      const { thread_id: threadId, item_id: itemId, input: submission } = request.params;
      return { ...fields, trigger: request.type, threadId, itemId, submission };
    }
    case 'threads.custom_action': {
      const { thread_id: threadId, item_id: itemId, action } = request.params;
      return { ...fields, trigger: request.type, threadId, itemId, action };
    }
  }
}

type MessageRequest = Extract<StreamingRequest, { type: MessageTurn['trigger'] }>;

async function toMessage(store: ThreadStore, models: ModelNames, { auth }: Caller, request: MessageRequest) {
  const { input } = request.params;
  await models.assertKnown(input.inference_options.model);
  const threadId = request.type === 'threads.create' ? store.generateThreadId(auth) : request.params.thread_id;
  const attachments = await Promise.all(input.attachments.map((id) => store.loadAttachment(auth, id)));
  const userItem: UserMessageItem = {
    type: 'user_message',
    id: store.generateItemId(auth, 'message'),
    thread_id: threadId,
    created_at: new Date().toISOString(),
    content: input.content,
    attachments: attachments.map(({ attachment }) => ({ ...attachment, thread_id: threadId })),
    quoted_text: input.quoted_text,
    inference_options: input.inference_options,
  };
  const { model, tool_choice: toolChoice } = input.inference_options;
  return { trigger: request.type, threadId, userItem, request: { model, toolChoice: toolChoice?.id } };
}

/** A retry deletes the present answer, so its model must still exist (ER-4). */
async function assertModelStillKnown(
  store: ThreadStore,
  models: ModelNames,
  { auth }: Caller,
  threadId: string,
  itemId: string,
): Promise<void> {
  await store.loadThread(auth, threadId);
  const item = await store.loadItem(auth, threadId, itemId);
  if (item.type === 'user_message') await models.assertKnown(item.inference_options.model);
}
