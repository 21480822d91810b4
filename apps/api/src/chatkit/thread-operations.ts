import { type Page, type RequestOf, type Thread, type ThreadItem, toWireThread, visibleItems } from '#chatkit';
import type { Caller } from './caller.js';
import type { JsonDeps } from './json-deps.js';

const FIRST_PAGE = { limit: 20, order: 'asc' } as const;

/** The thread with its oldest items (PG-5). */
export async function getThread(
  { store }: JsonDeps,
  { auth }: Caller,
  params: RequestOf<'threads.get_by_id'>['params'],
): Promise<Thread> {
  const [thread, items] = await Promise.all([
    store.loadThread(auth, params.thread_id),
    store.loadItems(auth, params.thread_id, FIRST_PAGE),
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
  { store }: JsonDeps,
  { auth }: Caller,
  params: RequestOf<'items.list'>['params'],
): Promise<Page<ThreadItem>> {
  const { thread_id: threadId, ...paging } = params;
  const page = await store.loadItems(auth, threadId, paging);
  return { ...page, data: visibleItems(page.data) };
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
