import { type JsonRequest, type Page, type Thread, toWireThread, visibleItems } from '#chatkit';
import { AppError, type AuthContext, type ThreadStore } from '#runtime';

type Handlers = {
  [Type in JsonRequest['type']]?: (
    store: ThreadStore,
    auth: AuthContext,
    params: Extract<JsonRequest, { type: Type }>['params'],
  ) => Promise<unknown>;
};

/** Total: a request that answers with JSON does not compile until it has its answer here. */
const handlers: Handlers = {
  'threads.get_by_id': getThread,
  'threads.list': listThreads,
  'items.list': listItems,
};

/** The answer of a request that does not stream. Throws `AppError` for what is not there. */
export function answerJson(store: ThreadStore, auth: AuthContext, request: JsonRequest): Promise<unknown> {
  const handler = handlers[request.type] as (
    store: ThreadStore,
    auth: AuthContext,
    params: unknown,
  ) => Promise<unknown>;
  if (!handler) throw new AppError('request.not_served', `This server does not answer ${request.type} requests yet.`);
  return handler(store, auth, request.params);
}

const FIRST_PAGE = { limit: 20, order: 'asc' } as const;

/** The thread with its oldest items (PG-5). */
async function getThread(store: ThreadStore, auth: AuthContext, params: { thread_id: string }): Promise<Thread> {
  const [thread, items] = await Promise.all([
    store.loadThread(auth, params.thread_id),
    store.loadItems(auth, params.thread_id, FIRST_PAGE),
  ]);
  return toWireThread(thread, items);
}

type Paging = { limit: number; after?: string | undefined; order: 'asc' | 'desc' };

async function listThreads(store: ThreadStore, auth: AuthContext, paging: Paging): Promise<Page<Thread>> {
  const page = await store.loadThreads(auth, paging);
  return { ...page, data: page.data.map((thread) => toWireThread(thread)) };
}

async function listItems(store: ThreadStore, auth: AuthContext, params: Paging & { thread_id: string }) {
  const { thread_id: threadId, ...paging } = params;
  const page = await store.loadItems(auth, threadId, paging);
  return { ...page, data: visibleItems(page.data) };
}
