import { expect, it, vi } from 'vitest';
import { RequestError } from '../protocol/request-error.js';
import type { Page, Thread } from '../protocol/types.js';
import { thread } from './testing.js';
import { ThreadSearch } from './thread-search.js';

it('asks for the newest words, one search at a time', async () => {
  const waiting: ((page: Page<Thread>) => void)[] = [];
  const search = new ThreadSearch({ searchThreads: () => new Promise((resolve) => waiting.push(resolve)) });
  const first = search.search('a');
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  const passedOver = search.search('abc');
  const last = search.search(' ab ');
  await Promise.resolve();
  expect(waiting).toHaveLength(1);
  waiting[0]?.({ data: [thread('thr_1')], has_more: false });
  await Promise.all([first, passedOver]);
  expect(search.store.latest.found).toEqual([]);
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  waiting[1]?.({ data: [thread('thr_2')], has_more: false });
  await last;
  expect(search.store.latest).toMatchObject({ words: 'ab', phase: 'idle', found: [{ id: 'thr_2' }] });
  search.put(thread('thr_2', { title: 'New' }));
  expect(search.store.latest.found[0]?.title).toBe('New');
  search.forget('thr_2');
  expect(search.store.latest.found).toEqual([]);
});

it('goes on where a page is short, until there is enough or no more', async () => {
  const asked: (string | undefined)[] = [];
  const search = new ThreadSearch({
    async searchThreads(_words, { after }) {
      asked.push(after);
      const isLast = after === 'c2';
      return { data: isLast ? [thread('thr_9')] : [], has_more: !isLast, after: after === undefined ? 'c1' : 'c2' };
    },
  });
  await search.search('a');
  expect(asked).toEqual([undefined, 'c1', 'c2']);
  expect(search.store.latest.found.map(({ id }) => id)).toEqual(['thr_9']);
});

it('says when it cannot search, and forgets that with the words', async () => {
  const search = new ThreadSearch({ searchThreads: () => Promise.reject(new RequestError(503, '')) });
  await search.search('a');
  expect(search.store.latest.problem).toMatch(/right now/);
  await search.search('');
  expect(search.store.latest).toMatchObject({ words: '', found: [], problem: undefined });
});

const failing = { searchThreads: () => Promise.reject(new RequestError(503, 'Postgres does not answer.')) };

async function problemFor(isLocal: boolean): Promise<string | undefined> {
  const search = new ThreadSearch(failing, undefined, () => isLocal);
  await search.search('a');
  return search.store.latest.problem;
}

it('tells the operator what the server says', async () => {
  expect(await problemFor(true)).toMatch(/right now.*Cause: Postgres does not answer\.$/);
  expect(await problemFor(false)).not.toContain('Postgres');
});
