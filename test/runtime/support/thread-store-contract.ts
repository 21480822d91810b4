import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type Page, type ThreadItem } from '#chatkit';
import { aHiddenItem, aThread, aUserMessage, anAssistantMessage } from '#chatkit/testing';
import type { ThreadStore } from '#runtime';
import { isolationContract } from './thread-store-isolation.js';
import { auth } from './world.js';

/** A store to test, and how to close it. */
export interface StoreUnderTest {
  readonly store: ThreadStore;
  close(): Promise<void>;
}

const ada = auth('ada');

const message = (threadId: string, text = 'Hello'): ThreadItem =>
  anAssistantMessage({
    id: newId('message'),
    thread_id: threadId,
    content: [{ type: 'output_text', text, annotations: [] }],
  });
const idsOf = (page: Page<{ id: string }>): string[] => page.data.map(({ id }) => id);

/** What every thread store must do (docs/protocol/paging.md and store.md); `makeStore` is called once. */
export function threadStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} thread store`, () => {
    let made: StoreUnderTest;
    let store: ThreadStore;

    beforeAll(async () => {
      made = await makeStore();
      ({ store } = made);
    });
    afterAll(() => made.close());

    const newThread = async (user = ada): Promise<string> => {
      const id = store.generateThreadId(user);
      await store.saveThread(user, aThread({ id }));
      return id;
    };
    const threadWith = async (count: number): Promise<{ threadId: string; ids: string[] }> => {
      const threadId = await newThread();
      const items = Array.from({ length: count }, (_, index) => message(threadId, String(index)));
      for (const item of items) await store.addItem(ada, item);
      return { threadId, ids: items.map((item) => item.id) };
    };

    describe('threads', () => {
      it('are loaded as they were saved, free-form metadata with its nulls included', async () => {
        const thread = aThread({
          id: newId('thread'),
          title: 'Zürich 🌍 "quoted"',
          status: { type: 'locked', reason: 'busy' },
          allowed_image_domains: ['example.com', '*.example.org'],
          metadata: { nothing: null, deep: { list: [1, null, 'x'], empty: {} } },
        });
        await store.saveThread(ada, thread);
        expect(await store.loadThread(ada, thread.id)).toEqual(thread);
      });

      it('that are saved again lose the fields that the new version does not have', async () => {
        const id = newId('thread');
        await store.saveThread(ada, aThread({ id, title: 'old', allowed_image_domains: ['a.example'] }));
        await store.saveThread(ada, aThread({ id, metadata: { a: 1 } }));
        expect(await store.loadThread(ada, id)).toEqual(aThread({ id, metadata: { a: 1 } }));
      });

      it('are saved by two callers at once without an error', async () => {
        const id = newId('thread');
        await Promise.all(Array.from({ length: 8 }, (_, n) => store.saveThread(ada, aThread({ id, title: `${n}` }))));
        expect((await store.loadThread(ada, id)).title).toMatch(/^\d$/);
      });

      it('changed in two fields by two callers keep both changes', async () => {
        const id = await newThread();
        await Promise.all([
          store.updateThread(ada, id, { title: 'mine' }),
          store.updateThread(ada, id, { metadata: { theirs: true } }),
          store.updateThread(ada, id, { status: { type: 'closed' } }),
        ]);
        expect(await store.loadThread(ada, id)).toEqual(
          aThread({ id, title: 'mine', metadata: { theirs: true }, status: { type: 'closed' } }),
        );
      });

      it('are returned as updated, with fields given as undefined cleared, and accept an empty update', async () => {
        const id = await newThread();
        await store.updateThread(ada, id, { title: 'named', allowed_image_domains: ['a.example'] });
        expect(await store.updateThread(ada, id, { title: undefined })).toEqual(
          aThread({ id, allowed_image_domains: ['a.example'] }),
        );
        expect(await store.updateThread(ada, id, {})).toEqual(aThread({ id, allowed_image_domains: ['a.example'] }));
      });

      it('are deleted with their items', async () => {
        const { threadId, ids } = await threadWith(2);
        await store.deleteThread(ada, threadId);
        await expect(store.loadThread(ada, threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
        await expect(store.loadItems(ada, threadId, { limit: 5, order: 'asc' })).rejects.toMatchObject({
          code: 'thread.not_found',
        });
        await expect(store.loadItem(ada, threadId, ids[0] ?? '')).rejects.toMatchObject({ code: 'item.not_found' });
        await expect(store.deleteThread(ada, threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
        await expect(store.updateThread(ada, threadId, { title: 'x' })).rejects.toMatchObject({
          code: 'thread.not_found',
        });
      });

      it('are listed in the order of their creation, also within one millisecond, each once', async () => {
        const lister = auth(newId('run'));
        const ids: string[] = [];
        for (let n = 0; n < 7; n++) ids.push(await newThread(lister));
        const walked: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.loadThreads(lister, { limit: 3, order: 'desc', after });
          walked.push(...idsOf(page));
          expect(page.after).toBe(page.has_more ? page.data.at(-1)?.id : undefined);
          ({ after } = page);
        } while (after);
        expect(walked).toEqual(ids.toReversed());
        expect(idsOf(await store.loadThreads(lister, { limit: 9999, order: 'asc' }))).toEqual(ids);
        await expect(store.loadThreads(lister, { limit: 3, order: 'asc', after: 'thr_none' })).rejects.toMatchObject({
          code: 'cursor.not_found',
        });
      });
    });

    describe('items', () => {
      it.each(['asc', 'desc'] as const)('read in pages %s are each returned once and in order', async (order) => {
        const { threadId, ids } = await threadWith(7);
        const walked: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.loadItems(ada, threadId, { limit: 3, order, after });
          walked.push(...idsOf(page));
          expect('after' in page).toBe(page.has_more);
          ({ after } = page);
        } while (after);
        expect(walked).toEqual(order === 'asc' ? ids : ids.toReversed());
      });

      it('that fill the last page exactly have nothing after it', async () => {
        const { threadId, ids } = await threadWith(4);
        expect(await store.loadItems(ada, threadId, { limit: 4, order: 'asc' })).toMatchObject({ has_more: false });
        const last = await store.loadItems(ada, threadId, { limit: 2, order: 'asc', after: ids[1] });
        expect([idsOf(last), last.has_more, 'after' in last]).toEqual([ids.slice(2), false, false]);
        const none = await store.loadItems(ada, threadId, { limit: 2, order: 'asc', after: ids[3] });
        expect(none).toEqual({ data: [], has_more: false });
      });

      it('are all returned for a limit of 9999', async () => {
        const { threadId, ids } = await threadWith(3);
        const page = await store.loadItems(ada, threadId, { limit: 9999, order: 'asc' });
        expect([idsOf(page), page.has_more]).toEqual([ids, false]);
      });

      it('of an empty thread are an empty page, of an unknown one an error', async () => {
        const page = { limit: 5, order: 'asc' } as const;
        expect(await store.loadItems(ada, await newThread(), page)).toEqual({ data: [], has_more: false });
        await expect(store.loadItems(ada, 'thr_none', page)).rejects.toMatchObject({ code: 'thread.not_found' });
        await expect(store.addItem(ada, message('thr_none'))).rejects.toMatchObject({ code: 'thread.not_found' });
      });

      it('refuse a cursor that is unknown or of another thread', async () => {
        const { threadId } = await threadWith(2);
        const other = await threadWith(1);
        for (const after of ['msg_none', other.ids[0]]) {
          await expect(store.loadItems(ada, threadId, { limit: 5, order: 'asc', after })).rejects.toMatchObject({
            code: 'cursor.not_found',
          });
        }
      });

      it.each(['addItem', 'saveItem'] as const)('keep their place when %s gets their id again', async (save) => {
        const { threadId, ids } = await threadWith(3);
        const changed = { ...message(threadId, 'changed'), id: ids[1] ?? '' };
        await store[save](ada, changed);
        await store[save](ada, { ...changed, id: newId('message') });
        const { data } = await store.loadItems(ada, threadId, { limit: 9, order: 'asc' });
        expect(data.map(({ id }) => id).slice(0, 3)).toEqual(ids);
        expect(data).toHaveLength(4);
        expect(data[1]).toEqual(changed);
        expect(await store.loadItem(ada, threadId, ids[1] ?? '')).toEqual(changed);
      });

      it('with the same id coexist in two threads', async () => {
        const [one, other] = [await threadWith(1), await threadWith(0)];
        const twin = { ...message(other.threadId, 'twin'), id: one.ids[0] ?? '' };
        await store.addItem(ada, twin);
        expect(await store.loadItem(ada, other.threadId, twin.id)).toEqual(twin);
        expect(await store.loadItem(ada, one.threadId, twin.id)).not.toEqual(twin);
      });

      it('are gone after a delete, which may be repeated', async () => {
        const { threadId, ids } = await threadWith(3);
        await store.deleteItem(ada, threadId, ids[1] ?? '');
        await store.deleteItem(ada, threadId, ids[1] ?? '');
        await store.deleteItem(ada, 'thr_none', 'msg_none');
        expect(idsOf(await store.loadItems(ada, threadId, { limit: 9, order: 'asc' }))).toEqual([ids[0], ids[2]]);
        await expect(store.loadItem(ada, threadId, ids[1] ?? '')).rejects.toMatchObject({ code: 'item.not_found' });
      });

      it.each([
        ['nulls in free-form values', aHiddenItem({ content: { a: null, b: [null, { c: null }], '': 0 } })],
        ['null itself as free-form value', aHiddenItem({ content: null })],
        ['NUL characters', aHiddenItem({ content: { 'k\0ey': 'before\0after' } })],
        ['NUL characters in text', aUserMessage({ content: [{ type: 'input_text', text: 'a\0b\u0001\u001f\u2028' }] })],
        ['lone surrogates', aHiddenItem({ content: ['\ud83d', '\ude00\ud83d', '😀'] })],
        ['1 MB of text', aUserMessage({ content: [{ type: 'input_text', text: 'ä😀b'.repeat(131_072) }] })],
        ['key order and numbers', aHiddenItem({ content: { z: 1e21, a: -0.1, m: 9007199254740991 } })],
        ['absent optional fields', aUserMessage({ quoted_text: 'quoted', inference_options: { model: 'm' } })],
      ] as [string, ThreadItem][])('come back equal: %s', async (_case, item) => {
        const threadId = await newThread();
        const stored = { ...item, id: newId('message'), thread_id: threadId };
        await store.addItem(ada, stored);
        expect(await store.loadItem(ada, threadId, stored.id)).toEqual(stored);
        const { data } = await store.loadItems(ada, threadId, { limit: 1, order: 'desc' });
        expect(data).toEqual([stored]);
      });

      it('appended by 40 callers at once all have a place of their own, in a stable order', async () => {
        const threadId = await newThread();
        const items = Array.from({ length: 40 }, (_, n) => message(threadId, String(n)));
        await Promise.all(items.map((item) => store.addItem(ada, item)));
        const ascending = idsOf(await store.loadItems(ada, threadId, { limit: 99, order: 'asc' }));
        const descending = idsOf(await store.loadItems(ada, threadId, { limit: 99, order: 'desc' }));
        expect(new Set(ascending)).toEqual(new Set(items.map((item) => item.id)));
        expect(descending).toEqual(ascending.toReversed());
      });

      it('appended while pages are read appear after it and move nothing', async () => {
        const { threadId, ids } = await threadWith(4);
        const first = await store.loadItems(ada, threadId, { limit: 2, order: 'asc' });
        const late = message(threadId);
        await store.addItem(ada, late);
        const rest = await store.loadItems(ada, threadId, { limit: 9, order: 'asc', after: first.after });
        expect([...idsOf(first), ...idsOf(rest)]).toEqual([...ids, late.id]);
      });
    });

    it('creates ids that have a prefix for their kind and never repeat', () => {
      const ids = [
        ...Array.from({ length: 1000 }, () => store.generateItemId(ada, 'message')),
        store.generateThreadId(ada),
        store.generateAttachmentId(ada),
        store.generateItemId(ada, 'workflow'),
      ];
      expect(new Set(ids).size).toBe(1003);
      expect(ids.slice(999).map((id) => id.split('_')[0])).toEqual(['msg', 'thr', 'atc', 'wf']);
    });

    isolationContract(() => store);
  });
}
