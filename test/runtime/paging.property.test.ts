import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { newId, type ThreadItem, visibleItems } from '#chatkit';
import { aHiddenItem, aThread } from '#chatkit/testing';
import { PrismaThreadStore } from '#runtime';
import { anAnswer, auth, useWorld } from './support/world.js';

const world = useWorld();
let store: PrismaThreadStore;
beforeAll(() => {
  store = new PrismaThreadStore(world.db);
});

async function newThread(): Promise<string> {
  const id = newId('thread');
  await store.saveThread(auth(), aThread({ id }));
  return id;
}

async function add(threadId: string, hidden: boolean): Promise<ThreadItem> {
  const item = hidden ? aHiddenItem({ id: newId('message'), thread_id: threadId }) : anAnswer(threadId);
  await store.addItem(auth(), item);
  return item;
}

const idsOf = (items: readonly ThreadItem[]): string[] => visibleItems(items).map(({ id }) => id);

/** Reads all pages as a client does; `between` runs after each page. Returns what it saw, without hidden rows (PG-8). */
async function walk(threadId: string, limit: number, order: 'asc' | 'desc', between: () => Promise<void>) {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.loadItems(auth(), threadId, { limit, order, after });
    expect(page.data.length).toBeLessThanOrEqual(limit);
    expect(page.after).toBe(page.has_more ? page.data.at(-1)?.id : undefined);
    seen.push(...idsOf(page.data));
    after = page.after;
    if (after !== undefined) await between();
  } while (after !== undefined);
  return seen;
}

it('reading all pages returns every visible item once and in order, whatever is added meanwhile (PG-1 to PG-8)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 25 }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('asc' as const, 'desc' as const),
      fc.array(fc.array(fc.boolean(), { maxLength: 3 }), { maxLength: 6 }),
      async (before, limit, order, meanwhile) => {
        const threadId = await newThread();
        const there: ThreadItem[] = [];
        for (const hidden of before) there.push(await add(threadId, hidden));
        const late: ThreadItem[] = [];
        const arrivals = [...meanwhile];
        const seen = await walk(threadId, limit, order, async () => {
          for (const hidden of arrivals.shift() ?? []) late.push(await add(threadId, hidden));
        });
        // Backward, new items are on no later page; forward, they are seen as far as they came before the last one.
        const expected =
          order === 'desc' ? idsOf(there).toReversed() : idsOf([...there, ...late]).slice(0, seen.length);
        expect(seen).toEqual(expected);
        expect(seen.length).toBeGreaterThanOrEqual(idsOf(there).length);
      },
    ),
    { numRuns: 40 },
  );
});

it('reading all threads returns each once and in order, and new ones do not disturb it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.uuid(),
      async (count, limit, user) => {
        const ada = auth(user);
        const made: string[] = [];
        const one = async () => {
          const id = newId('thread');
          await store.saveThread(ada, aThread({ id }));
          return id;
        };
        for (let n = 0; n < count; n++) made.push(await one());
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.loadThreads(ada, { limit, order: 'desc', after });
          seen.push(...page.data.map(({ id }) => id));
          after = page.after;
          if (after !== undefined) await one();
        } while (after !== undefined);
        expect(seen).toEqual(made.toReversed());
      },
    ),
    { numRuns: 15 },
  );
});
