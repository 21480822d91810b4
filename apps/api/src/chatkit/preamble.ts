import { encodeEvent, type ThreadStreamEvent, toWireThread } from '#chatkit';
import type { Admitted, MessageTurn, TurnRequest } from '#runtime';

/**
 * What a stream begins with, before the model has said anything (GF-1, TR-6): a pure function of what was stored, not
 * part of the run's log.
 */
export function preamble(turn: TurnRequest, { replaced }: Admitted, allowCancel: boolean): Buffer {
  const options: ThreadStreamEvent = { type: 'stream_options', stream_options: { allow_cancel: allowCancel } };
  switch (turn.trigger) {
    case 'threads.create':
      return encode(threadCreated(turn), { type: 'thread.item.done', item: turn.userItem }, options);
    case 'threads.add_user_message':
      return encode({ type: 'thread.item.done', item: turn.userItem }, options);
    case 'threads.add_structured_input':
      return replaced ? encode(options, { type: 'thread.item.replaced', item: replaced }) : encode(options);
    case 'threads.retry_after_item':
    case 'threads.add_client_tool_output':
    case 'threads.custom_action':
      return encode(options);
  }
}

/** The thread as admission has just stored it. */
function threadCreated({ threadId, userItem }: MessageTurn): ThreadStreamEvent {
  const { created_at } = userItem;
  const thread = { id: threadId, created_at, status: { type: 'active' as const }, metadata: {} };
  return { type: 'thread.created', thread: toWireThread(thread) };
}

const encode = (...events: readonly ThreadStreamEvent[]): Buffer => Buffer.from(events.map(encodeEvent).join(''));
