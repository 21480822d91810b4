import { describe, expect, it, vi } from 'vitest';
import { newId } from '#chatkit';
import { PrismaThreadStore } from '#runtime';
import { type Claim, stopMarker } from '#runtime/worker';
import { loadRun } from '#runtime/api';
import { storeRunItem } from '../../libs/runtime/src/execution/run-items.js';
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

const reclaim = async (lifecycle: ReturnType<typeof lifecycleOf>['lifecycle'], held: Claim): Promise<Claim> => {
  await expireLease(world.db, held.runId);
  const next = await lifecycle.claim(held, 'wrk_2');
  if (!next) throw new Error('an expired run could not be claimed');
  return next;
};

const backendsWaitingForALock = async (): Promise<number> => {
  const { rows } = await world.db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
};

describe('claim', () => {
  it('beside others: of 50 for one job, one succeeds', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = aTurn();
    await lifecycle.admit(auth(), turn);
    const job = { runId: turn.runId, fence: 0 };
    const claims = await Promise.all(Array.from({ length: 50 }, (_, n) => lifecycle.claim(job, `wrk_${n}`)));
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({
      runId: turn.runId,
      fence: 1,
      attempt: 1,
      ownerId: 'ada',
      tenantId: 'acme',
      threadId: turn.threadId,
      triggerItemId: turn.userItem.id,
      triggerPosition: 1,
      request: turn.request,
      context: turn.context,
      stopRequested: false,
      isHandedOver: false,
      withdrawnItemIds: [],
    });
    expect(await runRow(world.db, turn.runId)).toMatchObject({ state: 'working', attempt: 1, fence: 1 });
  });

  it('of a late delivery finds no run, whatever fence it names', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)]);
    for (const fence of [0, 1, 2]) expect(await lifecycle.claim({ runId: held.runId, fence }, 'wrk_2')).toBeUndefined();
    expect(await lifecycle.claim({ runId: 'run_none', fence: 0 }, 'wrk_2')).toBeUndefined();
  });

  it('while the former holder stores an item: the item is withdrawn all the same', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    const item = anAnswer(held.threadId);
    const zombie = await world.db.pool.connect();
    await zombie.query('BEGIN');
    await storeRunItem(zombie, held, item, { isChosen: false });
    const claiming = lifecycle.claim(held, 'wrk_2');
    await vi.waitFor(async () => expect(await backendsWaitingForALock()).toBe(1));
    await zombie.query('COMMIT');
    zombie.release();
    expect((await claiming)?.withdrawnItemIds).toEqual([item.id]);
    expect(await itemsOf(world.db, held.threadId)).toMatchObject([{ type: 'user_message' }]);
  });
});

describe('a zombie', () => {
  it('stores nothing and ends nothing after a newer claim', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const kept = anAnswer(held.threadId, 'first try');
    expect(await lifecycle.storeItem(held, kept)).toMatchObject({ id: kept.id });
    const newer = await reclaim(lifecycle, held);
    expect(newer).toMatchObject({ fence: 2, attempt: 2, withdrawnItemIds: [kept.id] });
    const before = await runRow(world.db, held.runId);
    expect(await lifecycle.storeItem(held, anAnswer(held.threadId, 'late'))).toBeUndefined();
    expect(await lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId, 'late')])).toBeUndefined();
    await lifecycle.handOver(held);
    expect(await lifecycle.renewLeases([held])).toEqual([]);
    expect(await runRow(world.db, held.runId)).toEqual(before);
    expect(await itemsOf(world.db, held.threadId)).toMatchObject([{ type: 'user_message' }]);
    expect(await lifecycle.settle(newer, { state: 'completed' }, [anAnswer(held.threadId)])).toBeDefined();
    expect(await itemsOf(world.db, held.threadId)).toMatchObject([{ fence: null }, { fence: 2 }]);
  });
});

describe('settle', () => {
  it('repeated after it had succeeded writes nothing twice', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const items = [anAnswer(held.threadId, 'one'), anAnswer(held.threadId, 'two')];
    expect(await lifecycle.settle(held, { state: 'completed' }, items)).toBeDefined();
    const stored = await itemsOf(world.db, held.threadId);
    expect(stored.map(({ id }) => id)).toEqual([held.triggerItemId, ...items.map(({ id }) => id)]);
    expect(await lifecycle.settle(held, { state: 'completed' }, items)).toBeUndefined();
    expect(await lifecycle.settle(held, { state: 'failed' }, [stopMarker(held.threadId)])).toBeUndefined();
    expect(await itemsOf(world.db, held.threadId)).toEqual(stored);
    expect(await runRow(world.db, held.runId)).toMatchObject({ state: 'completed' });
  });

  it('preserves the place of an item that was stored before and has grown since', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const [first, second] = [anAnswer(held.threadId, 'one'), anAnswer(held.threadId, 'two')];
    await lifecycle.storeItem(held, first);
    await lifecycle.storeItem(held, second);
    const grown = { ...anAnswer(held.threadId, 'one, grown', first.id), created_at: first.created_at };
    await lifecycle.settle(held, { state: 'completed' }, [grown]);
    const { data } = await new PrismaThreadStore(world.db).loadItems(auth(), held.threadId, { limit: 9, order: 'asc' });
    expect(data.slice(1)).toEqual([grown, second]);
  });

  it('erases the context, and stores outcome, usage and a cause with characters that Postgres does not accept', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    expect((await runRow(world.db, held.runId)).context).toEqual(held.context);
    const outcome = {
      state: 'failed',
      errorCode: 'provider.timeout',
      errorDetail: 'late\0 \ud800 😀',
      provider: 'demo',
      model: 'echo',
      usage: { inputTokens: 3, details: { cachedTokens: 2 } },
      firstTokenAt: new Date('2026-01-31T09:30:00.123Z'),
    } as const;
    expect(await lifecycle.settle(held, outcome, [])).toBeDefined();
    expect(await runRow(world.db, held.runId)).toMatchObject({
      state: 'failed',
      context: null,
      lease_expires_at: null,
      error_code: 'provider.timeout',
      error_detail: 'late \ufffd 😀',
      model: 'echo',
      input_tokens: 3,
      output_tokens: null,
      usage: { cachedTokens: 2 },
      first_token_at: outcome.firstTokenAt,
    });
    expect(await loadRun(world.db, auth('bob'), held.runId)).toBeUndefined();
    expect(await loadRun(world.db, auth(), held.runId)).toMatchObject({
      state: 'failed',
      errorCode: 'provider.timeout',
    });
  });
});

describe('stop', () => {
  it('of a queued run cancels it and stores the marker once, however often it is requested', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = aTurn();
    await lifecycle.admit(auth(), turn);
    const results = await Promise.all(Array.from({ length: 10 }, () => lifecycle.requestStop(turn.runId)));
    expect(results.filter(({ met }) => met === 'queued')).toHaveLength(1);
    expect(results.filter(({ met }) => met === 'settled')).toHaveLength(9);
    expect(await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1')).toBeUndefined();
    expect(await runRow(world.db, turn.runId)).toMatchObject({ state: 'cancelled', context: null });
    expect(await itemsOf(world.db, turn.threadId)).toMatchObject([
      { type: 'user_message' },
      { type: 'sdk_hidden_context' },
    ]);
  });

  it('of a queued run lets the next one of its thread start', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const first = aTurn();
    await lifecycle.admit(auth(), first);
    const second = aTurn({ threadId: first.threadId });
    expect((await lifecycle.admit(auth(), second)).dispatch).toBeUndefined();
    expect(await lifecycle.requestStop(first.runId)).toMatchObject({ met: 'queued' });
    expect(added).toEqual([{ runId: second.runId, fence: 0, dispatch: 1 }]);
  });

  it('beside a claim: either the run is cancelled here, or its worker is notified', async () => {
    const { lifecycle, sent } = lifecycleOf(world);
    const meet = async () => {
      const turn = aTurn();
      await lifecycle.admit(auth(), turn);
      const [claim, { met }] = await Promise.all([
        lifecycle.claim({ runId: turn.runId, fence: 0 }, `wrk_of_${turn.runId}`),
        lifecycle.requestStop(turn.runId),
      ]);
      return {
        met,
        claimed: claim !== undefined,
        renewed: claim ? await lifecycle.renewLeases([claim]) : [],
        told: sent.filter(({ message }) => message.includes(turn.runId)).map(({ channel }) => channel),
        markers: (await itemsOf(world.db, turn.threadId)).filter(({ type }) => type === 'sdk_hidden_context').length,
        runId: turn.runId,
      };
    };
    for (const { met, runId, ...rest } of await Promise.all(Array.from({ length: 20 }, meet))) {
      const cancelledHere = { claimed: false, renewed: [], told: [], markers: 1 };
      const workerTold = {
        claimed: true,
        renewed: [{ runId, stopRequested: true }],
        told: [`worker:wrk_of_${runId}`],
        markers: 0,
      };
      expect(rest).toEqual(met === 'queued' ? cancelledHere : workerTold);
    }
  });

  it('of a settled or unknown run changes nothing', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await lifecycle.settle(held, { state: 'completed' }, []);
    const before = await runRow(world.db, held.runId);
    expect(await lifecycle.requestStop(held.runId)).toEqual({ met: 'settled' });
    expect(await lifecycle.requestStop('run_none')).toEqual({ met: 'settled' });
    expect(await runRow(world.db, held.runId)).toEqual(before);
  });
});

describe('a thread that is deleted in mid-run', () => {
  it('is not restored by what its run still does', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const store = new PrismaThreadStore(world.db);
    await store.deleteThread(auth(), held.threadId);
    expect(await lifecycle.storeItem(held, anAnswer(held.threadId))).toBeUndefined();
    expect(await lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)])).toBeUndefined();
    expect(await lifecycle.renewLeases([held])).toEqual([]);
    expect(await lifecycle.requestStop(held.runId)).toEqual({ met: 'settled' });
    await expect(store.loadThread(auth(), held.threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
    expect(await itemsOf(world.db, held.threadId)).toEqual([]);
  });

  it('beside a settle: both complete, and nothing of the thread is left', async () => {
    const { lifecycle } = lifecycleOf(world);
    const store = new PrismaThreadStore(world.db);
    for (let round = 0; round < 10; round++) {
      const held = await claimedTurn(lifecycle);
      await Promise.all([
        store.deleteThread(auth(), held.threadId),
        lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)]),
        lifecycle.storeItem(held, anAnswer(held.threadId, 'beside', newId('message'))),
      ]);
      expect(await itemsOf(world.db, held.threadId)).toEqual([]);
      await expect(store.loadThread(auth(), held.threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
    }
  });
});

describe('an open connection', () => {
  it('that ends in mid-transaction fails the transaction and not the process', async () => {
    const doomed = world.db.system.transaction(async (tx) => {
      const { rows } = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
      await world.db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await vi.waitFor(() => expect(tx.query({ text: 'SELECT 1' })).rejects.toBeInstanceOf(Error));
      await tx.query({ text: 'SELECT 1' });
    });
    await expect(doomed).rejects.toBeInstanceOf(Error);
    await world.db.ping();
  });
});
