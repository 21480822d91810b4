import { type EditRequest, newId, type StreamingRequest } from '#chatkit';
import type { RequestLimits, ThreadStore } from '#runtime';
import type { Attachments, EditTurn, MessageTurn, TurnRequest } from '#runtime/api';
import type { ModelNames } from '../models/model-names.js';
import type { Caller } from './caller.js';
import { assertFewAttachments } from './message-attachments.js';

export interface TurnDeps {
  readonly store: ThreadStore;
  readonly attachments: Attachments;
  readonly models: ModelNames;
  readonly limits: RequestLimits;
}

/**
 * What a streaming request asks of admission, with the ids that it will have. Throws `AppError` for a model that no
 * provider has and for what a message refers to and does not exist; admission refuses the rest.
 */
export async function toTurnRequest(deps: TurnDeps, caller: Caller, request: StreamingRequest): Promise<TurnRequest> {
  const { assistant, context, idempotency } = caller;
  const fields = { runId: newId('run'), assistantId: assistant.id, context, idempotency };
  switch (request.type) {
    case 'threads.create':
    case 'threads.add_user_message': {
      const message = await toMessage(deps, caller, request);
      return { ...fields, ...message, doubleTexting: assistant.doubleTexting };
    }
    case 'threads.retry_after_item':
      await assertModelStillKnown(deps, caller, request.params.thread_id, request.params.item_id);
      return { ...fields, ...toFollowUp(request) };
    case 'threads.add_client_tool_output':
    case 'threads.add_structured_input':
    case 'threads.custom_action':
      return { ...fields, ...toFollowUp(request) };
  }
}

/** An edit, as a message in the place of another one. Throws as {@link toTurnRequest}. */
export async function toEditTurn(
  deps: TurnDeps,
  caller: Caller,
  threadId: string,
  { item_id: replaces, input }: EditRequest,
): Promise<EditTurn> {
  const { assistant, context, idempotency } = caller;
  const trigger = 'threads.add_user_message';
  const params = { thread_id: threadId, input };
  const message = await toMessage(deps, caller, { type: trigger, params, metadata: {} });
  return { runId: newId('run'), assistantId: assistant.id, context, idempotency, ...message, trigger, replaces };
}

type MessageRequest = Extract<StreamingRequest, { type: MessageTurn['trigger'] }>;

/** The requests that bring no message. */
function toFollowUp({ type: trigger, params }: Exclude<StreamingRequest, MessageRequest>) {
  const { thread_id: threadId } = params;
  switch (trigger) {
    case 'threads.retry_after_item':
      return { trigger, threadId, itemId: params.item_id };
    case 'threads.add_client_tool_output':
      return { trigger, threadId, result: params.result };
    case 'threads.add_structured_input':
      return { trigger, threadId, itemId: params.item_id, submission: params.input };
    case 'threads.custom_action':
      return { trigger, threadId, itemId: params.item_id, action: params.action };
  }
}

async function toMessage(
  { store, attachments: files, models, limits }: TurnDeps,
  { auth }: Caller,
  request: MessageRequest,
) {
  const { input } = request.params;
  await models.assertKnown(input.inference_options.model);
  const threadId = request.type === 'threads.create' ? store.generateThreadId(auth) : request.params.thread_id;
  const records = await store.loadAttachments(auth, input.attachments);
  assertFewAttachments(limits, records);
  const attachments = await files.inspected(auth, records);
  const userItem: MessageTurn['userItem'] = {
    type: 'user_message',
    id: store.generateItemId(auth, 'message'),
    thread_id: threadId,
    content: input.content,
    attachments: attachments.map((attachment) => ({ ...attachment, thread_id: threadId })),
    quoted_text: input.quoted_text,
    inference_options: input.inference_options,
  };
  const { model, tool_choice: toolChoice } = input.inference_options;
  return { trigger: request.type, threadId, userItem, request: { model, toolChoice: toolChoice?.id } };
}

/** A retry deletes the present answer, so its model must still exist [ER-4]. */
async function assertModelStillKnown(
  { store, models }: TurnDeps,
  { auth }: Caller,
  threadId: string,
  itemId: string,
): Promise<void> {
  await store.loadThread(auth, threadId);
  const item = await store.loadItem(auth, threadId, itemId);
  if (item.type === 'user_message') await models.assertKnown(item.inference_options.model);
}
