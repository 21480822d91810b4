import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isUnavailable, RunQueue } from '#runtime';
import type { Claim } from '#runtime/worker';
import { finishFromStore, isRunSettled } from '#runtime/api';
import { IDLE_IN_TRANSACTION_MS } from '../../libs/runtime/src/platform/session.js';
import { SWEEP_LOCK } from '../../libs/runtime/src/execution/sweep.js';
import { parseFrames } from '#chatkit';
import { engineKinds } from '../support/engines.js';
import {
  anAnswer,
  aTurn,
  auth,
  claimedTurn,
  expireLease,
  itemsOf,
  lifecycleOf,
  openWorld,
  passGrace,
  runRow,
  type TestWorld,
} from './support/world.js';

// The sweeper looks at every run of the database, so each test has a clean one.
const world: TestWorld = await openWorld();
beforeEach(() => world.db.pool.query('TRUNCATE threads CASCADE'));
afterAll(() => world.close());

describe('a run whose lease has expired', () => {
  it('is dispatched again, and the next claim withdraws what was stored', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const items = [anAnswer(held.threadId, 'one'), anAnswer(held.threadId, 'two')];
    for (const item of items) await lifecycle.storeItem(held, item);
    expect((await lifecycle.sweep())?.dispatches).toEqual([]);
    await expireLease(world.db, held.runId);
    await lifecycle.sweep();
    expect(added).toEqual([{ runId: held.runId, fence: 1, dispatch: 2 }]);
    const next = await lifecycle.claim({ runId: held.runId, fence: 1 }, 'wrk_2');
    expect(next).toMatchObject({ fence: 2, attempt: 2 });
    expect(new Set(next?.withdrawnItemIds)).toEqual(new Set(items.map(({ id }) => id)));
    expect(await itemsOf(world.db, held.threadId)).toMatchObject([{ type: 'user_message' }]);
  });

  it('is dispatched once, and again only when that job was not claimed either', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    for (let round = 0; round < 3; round++) await lifecycle.sweep();
    expect(added).toHaveLength(1);
    await passGrace(world.db, held.runId);
    await lifecycle.sweep();
    expect(added.map(({ dispatch }) => dispatch)).toEqual([2, 3]);
  });

  it('is found although it was claimed while it waited for its thread', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    await world.db.pool.query('UPDATE runs SET dispatched_at = NULL WHERE id = $1', [held.runId]);
    await lifecycle.sweep();
    expect(added).toEqual([{ runId: held.runId, fence: 1, dispatch: 2 }]);
  });

  it('is dispatched again although another sweeper froze during its round', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    let thaw: (() => void) | undefined;
    const frozen = world.openDatabase().system.transaction(async (tx) => {
      await tx.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [SWEEP_LOCK] });
      await new Promise<void>((resolve) => (thaw = resolve));
    });
    const outcome = frozen.catch((error: unknown) => error);
    await vi.waitFor(async () => expect(await lifecycle.sweep()).toBeUndefined());
    await expireLease(world.db, held.runId);
    expect(await lifecycle.sweep()).toBeUndefined();
    await vi.waitFor(async () => expect(await lifecycle.sweep()).toBeDefined(), 3 * IDLE_IN_TRANSACTION_MS);
    expect(added).toMatchObject([{ runId: held.runId }]);
    thaw?.();
    expect(isUnavailable(await outcome)).toBe(true);
  });

  it('fails with its code after three attempts, and the next turn of the thread starts', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    let held: Claim | undefined = await claimedTurn(lifecycle);
    const waiting = aTurn({ threadId: held.threadId });
    await lifecycle.admit(auth(), waiting);
    for (const attempt of [1, 2, 3]) {
      expect(held).toMatchObject({ attempt, fence: attempt });
      await expireLease(world.db, waitingFor(held).runId);
      const swept = await lifecycle.sweep();
      expect(swept?.failed).toBe(attempt === 3 ? 1 : 0);
      const ended = swept?.ended.map(({ state, errorCode }) => [state, errorCode]);
      expect(ended).toEqual(attempt === 3 ? [['failed', 'run.attempts_exhausted']] : []);
      held = await lifecycle.claim(waitingFor(held), 'wrk_2');
    }
    expect(held).toBeUndefined();
    const [failed] = added;
    const { claims } = await runRow(world.db, failed?.runId ?? '');
    expect(claims?.map(({ ended }) => ended)).toEqual(['lease_over', 'lease_over', undefined]);
    expect(await runRow(world.db, failed?.runId ?? '')).toMatchObject({
      state: 'failed',
      error_code: 'run.attempts_exhausted',
      context: null,
    });
    expect(added.at(-1)).toEqual({ runId: waiting.runId, fence: 0, dispatch: 1 });
    const frames = await finishFromStore(
      world.db.system,
      failed?.runId ?? '',
      { open: new Set(), closed: new Set() },
      false,
    );
    expect(parseFrames(frames.toString())).toMatchObject([{ type: 'error' }]);
  });

  it('is claimed no fourth time by a late job', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await world.db.pool.query('UPDATE runs SET attempt = 3 WHERE id = $1', [held.runId]);
    await expireLease(world.db, held.runId);
    expect(await lifecycle.claim(held, 'wrk_2')).toBeUndefined();
  });

  it('is cancelled, marker included, when a stop was requested', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await lifecycle.requestStop(held.runId);
    await expireLease(world.db, held.runId);
    expect(await lifecycle.sweep()).toMatchObject({ cancelled: 1, failed: 0, dispatches: [] });
    expect(await lifecycle.sweep()).toMatchObject({ cancelled: 0 });
    expect(await runRow(world.db, held.runId)).toMatchObject({ state: 'cancelled' });
    expect((await itemsOf(world.db, held.threadId)).map(({ type }) => type)).toEqual([
      'user_message',
      'sdk_hidden_context',
    ]);
    expect(added).toEqual([]);
  });

  it('may be renewed while its fence is unchanged', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    await lifecycle.sweep();
    expect(await lifecycle.renewLeases([held])).toEqual([{ runId: held.runId, stopRequested: false }]);
    expect(await lifecycle.claim({ runId: held.runId, fence: 1 }, 'wrk_2')).toBeUndefined();
    expect(await lifecycle.settle(held, { state: 'completed' }, [])).toBeDefined();
  });

  it('that a late beat is renewing is skipped: the sweep does not wait for its row', async () => {
    const { lifecycle } = lifecycleOf(world);
    const [one, other] = [await claimedTurn(lifecycle), await claimedTurn(lifecycle)];
    for (const { runId } of [one, other]) await expireLease(world.db, runId);
    const beat = await world.db.pool.connect();
    await beat.query('BEGIN');
    await beat.query('SELECT 1 FROM runs WHERE id = $1 FOR UPDATE', [one.runId]);
    expect((await lifecycle.sweep())?.dispatches).toEqual([{ runId: other.runId, fence: 1, dispatch: 2 }]);
    await beat.query('COMMIT');
    beat.release();
  });
});

const waitingFor = (held: Claim | undefined): Claim => {
  if (!held) throw new Error('nobody holds the run');
  return held;
};

describe('renewal', () => {
  it('reports stop requests and leaves out what is lost', async () => {
    const { lifecycle } = lifecycleOf(world);
    const [kept, stopped, lost, settled] = await Promise.all([1, 2, 3, 4].map(() => claimedTurn(lifecycle)));
    if (!kept || !stopped || !lost || !settled) throw new Error('unreachable');
    await lifecycle.requestStop(stopped.runId);
    await expireLease(world.db, lost.runId);
    await lifecycle.claim(lost, 'wrk_2');
    await lifecycle.settle(settled, { state: 'completed' }, []);
    const renewed = await lifecycle.renewLeases([kept, stopped, lost, settled, { runId: 'run_none', fence: 1 }]);
    expect(new Set(renewed)).toEqual(
      new Set([
        { runId: kept.runId, stopRequested: false },
        { runId: stopped.runId, stopRequested: true },
      ]),
    );
    expect(await lifecycle.renewLeases([])).toEqual([]);
  });
});

describe('a planned hand-over', () => {
  it('does not count as an attempt, raises the fence and adds a job', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const item = anAnswer(held.threadId);
    await lifecycle.storeItem(held, item);
    await lifecycle.handOver(held);
    expect(added).toEqual([{ runId: held.runId, fence: 2, dispatch: 2 }]);
    expect(await lifecycle.claim({ runId: held.runId, fence: 1 }, 'wrk_2')).toBeUndefined();
    const next = await lifecycle.claim({ runId: held.runId, fence: 2 }, 'wrk_2');
    expect(next).toMatchObject({ attempt: 1, fence: 3, withdrawnItemIds: [item.id] });
    expect(await isRunSettled(world.db.system, held.runId)).toBe(false);
  });
});

describe('the sweeper', () => {
  it('runs alone: of two at once one finds that the other is running', async () => {
    const other = world.openDatabase();
    const holder = await other.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT pg_advisory_xact_lock(7246001)');
    const { lifecycle } = lifecycleOf(world);
    expect(await lifecycle.sweep()).toBeUndefined();
    await holder.query('COMMIT');
    holder.release();
    expect(await lifecycle.sweep()).toMatchObject({ failed: 0 });
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    const rounds = await Promise.all([1, 2, 3, 4].map(() => lifecycle.sweep()));
    expect(rounds.flatMap((swept) => swept?.dispatches ?? [])).toHaveLength(1);
  });

  it('releases a turn that was not released because of a crash between two statements', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const turns = [aTurn({ threadId: held.threadId }), aTurn({ threadId: held.threadId })];
    for (const turn of turns) await lifecycle.admit(auth(), turn);
    await lifecycle.settle(held, { state: 'completed' }, []);
    await lifecycle.sweep();
    await lifecycle.sweep();
    expect(added).toEqual([{ runId: turns[0]?.runId, fence: 0, dispatch: 1 }]);
  });

  it('continues without the queue and tries again in the next round', async () => {
    const isWaiting = vi.fn<RunQueue['isWaiting']>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(false);
    const { lifecycle, added, deferred } = lifecycleOf(world, { isWaiting });
    const turn = aTurn();
    await lifecycle.admit(auth(), turn);
    await passGrace(world.db, turn.runId);
    expect(await lifecycle.sweep()).toMatchObject({ unclaimed: [{ runId: turn.runId }] });
    expect([added.length, deferred.length]).toEqual([0, 1]);
    await lifecycle.sweep();
    expect(added).toEqual([{ runId: turn.runId, fence: 0, dispatch: 2 }]);
  });
});

describe.each(engineKinds)('on the %s queue', (kind) => {
  const queueOf = (): Promise<RunQueue> => world.openQueue(kind);

  it('a job that could not be added leaves its run queued, and is added after the grace period', async () => {
    const queue = await queueOf();
    const { lifecycle, deferred } = lifecycleOf(world, queueMethods(queue));
    const turn = aTurn();
    const { dispatch } = await lifecycle.admit(auth(), turn);
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    vi.spyOn(queue.queue, 'addBulk').mockRejectedValueOnce(away);
    await lifecycle.dispatch(dispatch ?? { runId: '', fence: 0, dispatch: 0 });
    expect(deferred).toEqual([`could not add the job of run ${turn.runId}`]);
    expect(await runRow(world.db, turn.runId)).toMatchObject({ state: 'queued' });
    await lifecycle.sweep();
    expect(await waitingJobs(queue, turn.runId)).toEqual([]);
    await passGrace(world.db, turn.runId);
    await lifecycle.sweep();
    expect(await waitingJobs(queue, turn.runId)).toEqual([[`${turn.runId}-2`, 0]]);
  });

  it('a waiting job is not duplicated, a lost one is added again', async () => {
    const queue = await queueOf();
    const { lifecycle } = lifecycleOf(world, queueMethods(queue));
    const turn = aTurn();
    const { dispatch } = await lifecycle.admit(auth(), turn);
    await lifecycle.dispatch(dispatch ?? { runId: '', fence: 0, dispatch: 0 });
    await passGrace(world.db, turn.runId);
    expect(await lifecycle.sweep()).toMatchObject({ unclaimed: [{ runId: turn.runId, dispatch: 1 }] });
    expect(await waitingJobs(queue, turn.runId)).toEqual([[`${turn.runId}-1`, 0]]);
    await queue.queue.drain();
    await lifecycle.sweep();
    expect(await waitingJobs(queue, turn.runId)).toEqual([[`${turn.runId}-2`, 0]]);
    await queue.ping();
  });
});

const waitingJobs = async (queue: RunQueue, runId: string): Promise<unknown[]> =>
  (await queue.queue.getWaiting()).filter(({ data }) => data.runId === runId).map(({ id, data }) => [id, data.fence]);

const queueMethods = (queue: RunQueue): Partial<RunQueue> => ({
  add: (run) => queue.add(run),
  isWaiting: (run) => queue.isWaiting(run),
});
