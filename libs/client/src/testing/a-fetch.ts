import { type ChatKitFetch, type ChatKitFetchOptions, createChatKitFetch } from '../create-chatkit-fetch.js';
import type { RunStorage } from '../run-memory.js';
import { type FakeRelay, THREAD_ID } from './fake-relay.js';

export const CREATE = { type: 'threads.create', params: { input: {} } };
export const ADD = { type: 'threads.add_user_message', params: { thread_id: THREAD_ID, input: {} } };

export const post = (body: unknown, init: RequestInit = {}): [string, RequestInit] => [
  '/chatkit',
  { method: 'POST', body: JSON.stringify(body), ...init },
];

export const storageOf = (stored: Map<string, string>): RunStorage => ({
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => void stored.set(key, value),
  removeItem: (key) => void stored.delete(key),
});

/** The shim in front of a fake server, with retries that cost a test no time. */
export const aFetchFor = (
  relay: FakeRelay,
  stored: Map<string, string>,
  options: ChatKitFetchOptions = {},
): ChatKitFetch =>
  createChatKitFetch({
    fetch: relay.fetch,
    storage: storageOf(stored),
    retry: { attempts: 3, firstMs: 1, maxMs: 2 },
    ...options,
  });

/** Reads until so many frames have arrived; the stream stays open. */
export async function readSome({ body }: Pick<Response, 'body'>, frames: number) {
  if (!body) throw new Error('no body');
  const reader = body.getReader();
  let text = '';
  while (text.split('\n\n').length <= frames) text += new TextDecoder().decode((await reader.read()).value);
  return reader;
}
