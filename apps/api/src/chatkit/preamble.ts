import { encodeEvent, type ThreadItem, type ThreadMetadata, type ThreadStreamEvent, toWireThread } from '#chatkit';
import { AppError, type AuthContext, type ThreadStore } from '#runtime';
import { type Admitted, type IdempotentReplay, type TurnRequest, withFileLinks } from '#runtime/api';
import type { Caller } from './caller.js';

/** The reader of a stream. */
type Reader = Pick<Caller, 'assistant' | 'links'>;

/** What admission has stored and a stream shows first. */
export interface Opening {
  readonly trigger: string;
  /** Of a run that creates one. */
  readonly thread?: ThreadMetadata;
  /** The user's message, or the form with its answers; absent if it has been deleted. */
  readonly item?: ThreadItem | undefined;
  /** Ids of the items that an edit has taken away. */
  readonly removed?: readonly string[] | undefined;
}

/** The first events of a stream, before those of the run [GF-1] [TR-6]: computed from stored rows, not part of the run's log. */
export function preamble(
  { trigger, thread, item: stored, removed = [] }: Opening,
  { assistant, links }: Reader,
): Buffer {
  const item = stored && withFileLinks(stored, links);
  const options: ThreadStreamEvent = {
    type: 'stream_options',
    stream_options: { allow_cancel: assistant.allowCancel },
  };
  const created: ThreadStreamEvent[] = thread ? [{ type: 'thread.created', thread: toWireThread(thread) }] : [];
  const done: ThreadStreamEvent[] = item ? [{ type: 'thread.item.done', item }] : [];
  switch (trigger) {
    case 'threads.create':
    case 'threads.add_user_message':
      return encode(...created, ...removed.map(removal), ...done, options);
    case 'threads.add_structured_input':
      return item ? encode(options, { type: 'thread.item.replaced', item }) : encode(options);
    default:
      return encode(options);
  }
}

const removal = (item_id: string): ThreadStreamEvent => ({ type: 'thread.item.removed', item_id });

/** What admission has just stored. */
export function openingOf(turn: TurnRequest, { userItem, replaced, removed }: Admitted): Opening {
  const { trigger } = turn;
  switch (trigger) {
    case 'threads.create': {
      if (!userItem) return { trigger };
      const { created_at } = userItem;
      const thread: ThreadMetadata = { id: turn.threadId, created_at, status: { type: 'active' }, metadata: {} };
      return { trigger, thread, item: userItem };
    }
    case 'threads.add_user_message':
      return { trigger, item: userItem, removed };
    case 'threads.add_client_tool_output':
    case 'threads.add_structured_input':
    case 'threads.retry_after_item':
    case 'threads.custom_action':
      return { trigger, item: replaced };
  }
}

/** The same for a run that an earlier request has made, as it is stored now. */
export async function openingOfReplay(store: ThreadStore, auth: AuthContext, run: IdempotentReplay): Promise<Opening> {
  const { trigger, threadId, triggerItemId, request } = run;
  const [thread, item] = await Promise.all([
    trigger === 'threads.create' ? store.loadThread(auth, threadId) : undefined,
    triggerItemId === null ? undefined : store.loadItem(auth, threadId, triggerItemId).catch(unlessGone),
  ]);
  return { trigger, item, removed: request.removed, ...(thread && { thread }) };
}

/** A later message may have taken its place. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'item.not_found') throw error;
}

const encode = (...events: readonly ThreadStreamEvent[]): Buffer => Buffer.from(events.map(encodeEvent).join(''));
