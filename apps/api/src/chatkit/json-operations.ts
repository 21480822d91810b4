import type { JsonRequest } from '#chatkit';
import { sendFeedback, syncCustomAction, transcribe } from './assistant-operations.js';
import { createAttachment, deleteAttachment } from './attachment-operations.js';
import type { Caller } from './caller.js';
import type { JsonDeps } from './json-deps.js';
import { deleteThread, getThread, listItems, listThreads, updateThread } from './thread-operations.js';

type Handler<Type extends JsonRequest['type']> = (
  deps: JsonDeps,
  caller: Caller,
  params: Extract<JsonRequest, { type: Type }>['params'],
) => Promise<object>;

/** Total: a request that answers with JSON does not compile until it has its answer here. */
const handlers: { readonly [Type in JsonRequest['type']]: Handler<Type> } = {
  'threads.get_by_id': getThread,
  'threads.list': listThreads,
  'threads.update': updateThread,
  'threads.delete': deleteThread,
  'threads.sync_custom_action': syncCustomAction,
  'items.list': listItems,
  'items.feedback': sendFeedback,
  'attachments.create': createAttachment,
  'attachments.delete': deleteAttachment,
  'input.transcribe': transcribe,
};

/** The requests that do not stream, with this process's dependencies, to be injected. */
export class JsonOperations {
  constructor(private readonly deps: JsonDeps) {}

  /** Throws `AppError` for what is refused. */
  answer(caller: Caller, request: JsonRequest): Promise<object> {
    const handler = handlers[request.type] as (deps: JsonDeps, caller: Caller, params: unknown) => Promise<object>;
    return handler(this.deps, caller, request.params);
  }
}
