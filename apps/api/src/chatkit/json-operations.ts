import { Injectable } from '@nestjs/common';
import type { JsonRequest } from '#chatkit';
import { AssistantOperations } from './assistant-operations.js';
import { AttachmentOperations } from './attachment-operations.js';
import type { Caller } from './caller.js';
import { ThreadOperations } from './thread-operations.js';

type Handler<Type extends JsonRequest['type']> = (
  caller: Caller,
  params: Extract<JsonRequest, { type: Type }>['params'],
) => Promise<object>;

/** Total: a request that is answered with JSON does not compile until it has a handler here. */
type Handlers = { readonly [Type in JsonRequest['type']]: Handler<Type> };

/** The requests that are answered with JSON. */
@Injectable()
export class JsonOperations {
  private readonly handlers: Handlers;

  constructor(threads: ThreadOperations, attachments: AttachmentOperations, assistants: AssistantOperations) {
    this.handlers = {
      'threads.get_by_id': (caller, params) => threads.get(caller, params),
      'threads.list': (caller, params) => threads.list(caller, params),
      'threads.update': (caller, params) => threads.update(caller, params),
      'threads.delete': (caller, params) => threads.delete(caller, params),
      'threads.sync_custom_action': (caller, params) => assistants.syncCustomAction(caller, params),
      'items.list': (caller, params) => threads.listItems(caller, params),
      'items.feedback': (caller, params) => assistants.addFeedback(caller, params),
      'attachments.create': (caller, params) => attachments.create(caller, params),
      'attachments.delete': (caller, params) => attachments.delete(caller, params),
      'input.transcribe': (caller, params) => assistants.transcribe(caller, params),
    };
  }

  /** Throws `AppError` for what is refused. */
  answer(caller: Caller, request: JsonRequest): Promise<object> {
    const handler = this.handlers[request.type] as (caller: Caller, params: unknown) => Promise<object>;
    return handler(caller, request.params);
  }
}
