import type { PageRequest } from '#runtime';
import { type Page, type RequestOf, type Thread, type ThreadItem, toWireThread, visibleItems } from '#chatkit';
import type { Caller } from './caller.js';
import type { JsonDeps } from './json-deps.js';
import { withNewest } from './with-newest.js';

const FIRST_PAGE = { limit: 20, order: 'asc' } as const;

/** The thread with its oldest items (PG-5). */
export async function getThread(
  deps: JsonDeps,
  caller: Caller,
  params: RequestOf<'threads.get_by_id'>['params'],
): Promise<Thread> {
  const [thread, items] = await Promise.all([
    deps.store.loadThread(caller.auth, params.thread_id),
    loadPage(deps, caller, params.thread_id, FIRST_PAGE),
  ]);
  return toWireThread(thread, items);
}

export async function listThreads(
  { store }: JsonDeps,
  { auth }: Caller,
  paging: RequestOf<'threads.list'>['params'],
): Promise<Page<Thread>> {
  const page = await store.loadThreads(auth, paging);
  return { ...page, data: page.data.map((thread) => toWireThread(thread)) };
}

export async function listItems(
  deps: JsonDeps,
  caller: Caller,
  params: RequestOf<'items.list'>['params'],
): Promise<Page<ThreadItem>> {
  const { thread_id: threadId, ...paging } = params;
  const page = await loadPage(deps, caller, threadId, paging);
  return { ...page, data: visibleItems(page.data) };
}

/**
 * A page of stored items; for the shim with what live runs have come to, as the newest ones. A client without it would
 * take an unfinished item for a finished one.
 */
async function loadPage(
  { store, openItems, logger }: JsonDeps,
  { auth, isShim }: Caller,
  threadId: string,
  paging: PageRequest,
): Promise<Page<ThreadItem>> {
  if (!isShim) return store.loadItems(auth, threadId, paging);
  const open = await openItems(auth, threadId).catch((error: Error): ThreadItem[] => {
    logger.warn({ err: error, threadId }, 'cannot read what live runs have come to');
    return [];
  });
  return withNewest(await store.loadItems(auth, threadId, paging), open, paging);
}

/** Sets the title and nothing else (CC-4); answers the thread with an empty page (RQ-20). */
export async function updateThread(
  { store }: JsonDeps,
  { auth }: Caller,
  params: RequestOf<'threads.update'>['params'],
): Promise<Thread> {
  return toWireThread(await store.updateThread(auth, params.thread_id, { title: params.title }));
}

/** What works on the thread is told to stop (RQ-21, CC-5). */
export async function deleteThread(
  { lifecycle }: JsonDeps,
  { auth }: Caller,
  params: RequestOf<'threads.delete'>['params'],
): Promise<object> {
  await lifecycle.deleteThread(auth, params.thread_id);
  return {};
}
