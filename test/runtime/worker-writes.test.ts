import { beforeAll, describe, expect, it } from 'vitest';
import type { ThreadItem } from '#chatkit';
import { PrismaThreadStore } from '#runtime';
import { type Claim, stopMarker } from '#runtime/worker';
import { finishFromStore, loadRun } from '#runtime/api';
import {
  anAnswer,
  aTurn,
  auth,
  claimedTurn,
  expireLease,
  itemsOf,
  lifecycleOf,
  runRow,
  useWorld,
} from './support/world.js';

const world = useWorld();
let store: PrismaThreadStore;
beforeAll(() => {
  store = new PrismaThreadStore(world.db);
});

type Lifecycle = ReturnType<typeof lifecycleOf>['lifecycle'];

/** A message and its answer; the turn has ended. */
async function aFinishedTurn(lifecycle: Lifecycle): Promise<{ held: Claim; answer: ThreadItem }> {
  const held = await claimedTurn(lifecycle);
  const answer = anAnswer(held.threadId);
  await lifecycle.settle(held, { state: 'completed' }, [answer]);
  return { held, answer };
}

const idsOf = async (threadId: string): Promise<string[]> => (await itemsOf(world.db, threadId)).map(({ id }) => id);

describe('a worker', () => {
  it('removes items of its thread only, and none when it has lost its run', async () => {
    const { lifecycle } = lifecycleOf(world);
    const earlier = await aFinishedTurn(lifecycle);
    const other = await aFinishedTurn(lifecycle);
    const held = await claimedTurn(lifecycle, { threadId: earlier.held.threadId });
    const mine = anAnswer(held.threadId);
    await lifecycle.storeItem(held, mine);
    expect(await lifecycle.removeItems(held, [mine.id, earlier.answer.id, other.answer.id, 'msg_none'])).toBe(true);
    expect(await idsOf(held.threadId)).toEqual([earlier.held.triggerItemId, held.triggerItemId]);
    expect(await idsOf(other.held.threadId)).toContain(other.answer.id);
    await expireLease(world.db, held.runId);
    await lifecycle.claim(held, 'wrk_2');
    expect(await lifecycle.removeItems(held, [held.triggerItemId ?? ''])).toBe(false);
    expect(await idsOf(held.threadId)).toContain(held.triggerItemId);
  });

  it('lets later attempts know that a tool has begun', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    expect(held.toolBegan).toBe(false);
    expect(await lifecycle.beginTool(held)).toBe(true);
    await lifecycle.handOver(held);
    const second = await lifecycle.claim({ runId: held.runId, fence: 2 }, 'wrk_2');
    expect(second?.toolBegan).toBe(true);
    expect(await lifecycle.beginTool(held)).toBe(false);
  });

  it('stores the error text of its assistant for readers that come too late for the event', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const userError = { type: 'error', code: 'custom', message: 'Zu teuer\u0000', allow_retry: false } as const;
    await lifecycle.settle(held, { state: 'failed', errorCode: 'run.assistant_says', userError }, []);
    const shown = { open: new Set<string>(), closed: new Set<string>() };
    const text = (await finishFromStore(world.db.system, held.runId, shown, false)).toString();
    expect(JSON.parse(text.slice('data: '.length))).toEqual(userError);
    expect(await loadRun(world.db, auth(), held.runId)).toMatchObject({ userError, errorCode: 'run.assistant_says' });
  });

  it('titles a thread that has no title, once (TH-4)', async () => {
    const { lifecycle } = lifecycleOf(world);
    const { threadId } = await claimedTurn(lifecycle);
    expect(await store.titleIfUntitled(auth('bob'), threadId, 'Mine')).toBeUndefined();
    const given = await Promise.all(
      ['a\u0000', 'b', 'c'].map((title) => store.titleIfUntitled(auth(), threadId, title)),
    );
    const [winner, ...others] = given.filter((thread) => thread !== undefined);
    expect(others).toEqual([]);
    expect(['a', 'b', 'c']).toContain(winner?.title);
    await store.updateThread(auth(), threadId, { title: '' });
    expect(await store.titleIfUntitled(auth(), threadId, 'Late')).toBeUndefined();
    expect(await store.titleIfUntitled(auth(), 'thr_none', 'Late')).toBeUndefined();
  });
});

describe('deleting a thread', () => {
  it('notifies the worker, which then stores nothing and restores nothing (CC-5)', async () => {
    const { lifecycle, sent } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const waiting = aTurn({ threadId: held.threadId });
    await lifecycle.admit(auth(), waiting);
    await expect(lifecycle.deleteThread(auth('bob'), held.threadId)).rejects.toMatchObject({
      code: 'thread.not_found',
    });
    expect(await runRow(world.db, held.runId)).toMatchObject({ state: 'working' });
    await lifecycle.deleteThread(auth(), held.threadId);
    expect(sent).toEqual([
      { channel: expect.stringContaining('wrk_1'), message: expect.stringContaining(held.runId) as string },
    ]);
    expect(await lifecycle.storeItem(held, anAnswer(held.threadId))).toBeUndefined();
    expect(await lifecycle.removeItems(held, ['msg'])).toBe(false);
    expect(await lifecycle.beginTool(held)).toBe(false);
    expect(await lifecycle.settle(held, { state: 'cancelled' }, [stopMarker(held.threadId)])).toBeUndefined();
    expect(await lifecycle.claim({ runId: waiting.runId, fence: 0 }, 'wrk_1')).toBeUndefined();
    expect(await idsOf(held.threadId)).toEqual([]);
    await expect(lifecycle.deleteThread(auth(), held.threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
  });
});
