import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThreadItem } from '#chatkit';
import { stopMarker } from '../../libs/runtime/src/runs/settle.js';
import { PrismaThreadStore } from '../../libs/runtime/src/threads/prisma-thread-store.js';
import { aTurn, anAnswer, auth, claimedTurn, lifecycleOf, openWorld, type TestWorld } from './support/world.js';

let world: TestWorld;
let store: PrismaThreadStore;
beforeAll(async () => {
  world = await openWorld();
  store = new PrismaThreadStore(world.db);
});
afterAll(() => world.close());

const after = (ms: number): string => new Date(Date.now() + ms).toISOString();
const dated = (item: ThreadItem, created_at: string): ThreadItem => ({ ...item, created_at });
const itemsIn = async (threadId: string): Promise<readonly ThreadItem[]> =>
  (await store.loadItems(auth(), threadId, { limit: 1_000, order: 'asc' })).data;
const timesIn = async (threadId: string): Promise<string[]> =>
  (await itemsIn(threadId)).map(({ created_at }) => created_at);

const HOUR = 3_600_000;

describe('the times of the items of a thread', () => {
  it('are in the stored order, whoever stores at the same time and whatever the clocks of workers say', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const { threadId } = held;
    const skewed = Array.from({ length: 12 }, (_, index) => after(index % 2 === 0 ? -HOUR * index : HOUR * index));
    await Promise.all([
      ...skewed.map((time) => lifecycle.storeItem(held, dated(anAnswer(threadId), time))),
      ...skewed.map(() => lifecycle.admit(auth(), aTurn({ threadId }))),
    ]);
    await lifecycle.settle(held, { state: 'cancelled' }, [
      dated(anAnswer(threadId), after(HOUR)),
      dated(anAnswer(threadId), after(-HOUR)),
      stopMarker(threadId),
    ]);
    await lifecycle.admit(auth(), aTurn({ threadId }));
    const times = await timesIn(threadId);
    expect(times).toHaveLength(1 + 12 + 12 + 3 + 1);
    expect(times).toEqual(times.toSorted());
    expect(Date.parse(times.at(-1) ?? '')).toBeLessThan(Date.now() + 60_000);
  });

  it('are what was shown: admission and the store say what they have stored', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = aTurn();
    const { userItem } = await lifecycle.admit(auth(), turn);
    const held = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1');
    const stored = held && (await lifecycle.storeItem(held, dated(anAnswer(turn.threadId), after(-HOUR))));
    expect(await itemsIn(turn.threadId)).toEqual([userItem, stored]);
    expect(stored?.created_at).toBe(userItem?.created_at);
  });

  it('are kept where an assistant has chosen them, and the next ones do not depend on them', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const { threadId } = held;
    const [early, late, last] = [
      '2001-01-01T00:00:00.000001Z',
      '2999-12-31T23:59:59.999999Z',
      '2002-02-02T02:02:02.020202Z',
    ];
    for (const time of [early, late]) {
      await lifecycle.storeItem(held, dated(anAnswer(threadId), time), { isChosen: true });
    }
    await store.saveItem(auth(), dated(anAnswer(threadId), late));
    const item = dated(anAnswer(threadId), last);
    await lifecycle.settle(held, { state: 'completed' }, [anAnswer(threadId), item], new Set([item.id]));
    const [asked = '', ...times] = await timesIn(threadId);
    expect(times.toSpliced(3, 1)).toEqual([early, late, late, last]);
    expect(Date.parse(times[3] ?? '') - Date.parse(asked)).toBeLessThan(60_000);
    expect((times[3] ?? '') >= asked).toBe(true);
  });

  it('stay when an item is stored again', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const first = await lifecycle.storeItem(held, anAnswer(held.threadId));
    if (!first) throw new Error('the run is lost');
    expect(await lifecycle.storeItem(held, dated(first, after(HOUR)))).toEqual(first);
  });
});
