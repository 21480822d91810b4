import { expect, it } from 'vitest';
import { storageOf } from '../testing/a-fetch.js';
import { DEFAULT_STORAGE_KEY, OpenThread } from './open-thread.js';

const update = async (): Promise<void> => undefined;

/** A server that answers with this status, and a page that follows its answers. */
function aThread(status = 200, stored = new Map<string, string>()) {
  const attached: { readonly threadId: string; readonly signal: AbortSignal | undefined }[] = [];
  const ends: (() => void)[] = [];
  const gone: string[] = [];
  const chatFetch = Object.assign(async () => Response.json({}, { status }), {
    attach: (threadId: string, _onUpdate: () => unknown, { signal }: { signal?: AbortSignal } = {}) => {
      attached.push({ threadId, signal });
      return new Promise<void>((resolve) => ends.push(resolve));
    },
  });
  const thread = new OpenThread(chatFetch, DEFAULT_STORAGE_KEY, storageOf(stored), () => void gone.push('gone'));
  return { thread, attached, ends, gone };
}

const opening = (threadId: string): RequestInit => ({
  method: 'POST',
  body: JSON.stringify({ type: 'threads.get_by_id', params: { thread_id: threadId } }),
});

it('attaches to the open thread, once, and leaves the previous one', async () => {
  const { thread, attached, ends } = aThread();
  for (const threadId of ['thr_1', 'thr_1', 'thr_2']) thread.loaded(threadId, update);
  thread.changed(null);
  expect(attached.map(({ threadId, signal }) => [threadId, signal?.aborted])).toEqual([
    ['thr_1', true],
    ['thr_2', true],
  ]);
  thread.loaded('thr_2', update);
  ends.at(-1)?.();
  await new Promise((resolve) => setTimeout(resolve));
  thread.loaded('thr_2', update);
  expect(attached).toHaveLength(4);
  thread.close();
  expect(attached.at(-1)?.signal?.aborted).toBe(true);
});

it('is remembered, and forgotten by a new conversation', () => {
  const stored = new Map<string, string>();
  const { thread } = aThread(200, stored);
  thread.changed('thr_1');
  expect(aThread(200, stored).thread.remembered).toBe('thr_1');
  thread.changed(null);
  expect(thread.remembered).toBeNull();
});

it('that no longer exists is forgotten, so that the page is not stuck with it', async () => {
  const stored = new Map([[DEFAULT_STORAGE_KEY, 'thr_1']]);
  const { thread, gone } = aThread(404, stored);
  await thread.fetch('/chatkit', opening('thr_2'));
  await thread.fetch('/chatkit', { method: 'POST', body: 'no JSON' });
  expect([thread.remembered, gone]).toEqual(['thr_1', []]);
  await thread.fetch('/chatkit', opening('thr_1'));
  expect([thread.remembered, gone]).toEqual([null, ['gone']]);
});

it.each([401, 500, 200])('is not forgotten because of an answer with %i', async (status) => {
  const { thread } = aThread(status, new Map([[DEFAULT_STORAGE_KEY, 'thr_1']]));
  await thread.fetch('/chatkit', opening('thr_1'));
  expect(thread.remembered).toBe('thr_1');
});

const refusing = (): never => {
  throw new DOMException('denied', 'SecurityError');
};

it('works where the browser stores nothing', () => {
  const { thread } = aThread();
  const area = { getItem: refusing, setItem: refusing, removeItem: refusing };
  for (const one of [area, undefined]) {
    const without = new OpenThread(Object.assign(thread.fetch, { attach: update }), DEFAULT_STORAGE_KEY, one);
    without.changed('thr_1');
    expect(without.remembered).toBeNull();
  }
});
