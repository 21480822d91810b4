import { describe, expect, it } from 'vitest';
import { PrismaThreadStore } from '#runtime';
import { type Claim, stopMarker } from '#runtime/worker';
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

// The races that docs/run-lifecycle.md names, each many times in parallel: whichever side wins, the state is consistent.

const ROUNDS = Array.from({ length: 20 }, (_, n) => n);

const world = useWorld();

const typesOf = async (threadId: string) => (await itemsOf(world.db, threadId)).map(({ type }) => type);
const markers = (types: readonly string[]) => types.filter((type) => type === 'sdk_hidden_context').length;
const answers = (types: readonly string[]) => types.filter((type) => type === 'assistant_message').length;
const openRuns = async (threadId: string): Promise<number> => {
  const { rows } = await world.db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM runs WHERE thread_id = $1 AND state IN ('queued', 'working')`,
    [threadId],
  );
  return rows[0]?.n ?? 0;
};
const cancelledItems = (held: Claim) => [anAnswer(held.threadId, 'so far'), stopMarker(held.threadId)];

describe('settle', () => {
  it('beside a stop: the answer is complete, or the worker is notified and its end is not refused', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      const [settled, { met }] = await Promise.all([
        lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)]),
        lifecycle.requestStop(held.runId),
      ]);
      expect(settled).toBeDefined();
      expect(['working', 'settled']).toContain(met);
      expect(await runRow(world.db, held.runId)).toMatchObject({ state: 'completed' });
      expect(await typesOf(held.threadId)).toEqual(['user_message', 'assistant_message']);
    }
  });

  it('beside a sweep: the run ends once, by its worker or by the sweeper', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      await world.db.pool.query('UPDATE runs SET attempt = 3 WHERE id = $1', [held.runId]);
      await expireLease(world.db, held.runId);
      const [settled, swept] = await Promise.all([
        lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)]),
        lifecycle.sweep(),
      ]);
      const { state } = await runRow(world.db, held.runId);
      expect({ state, failed: swept?.failed, answers: answers(await typesOf(held.threadId)) }).toEqual(
        settled ? { state: 'completed', failed: 0, answers: 1 } : { state: 'failed', failed: 1, answers: 0 },
      );
    }
  });

  it('beside an interrupt: the answer is stored in whole or in part, and the new message comes after it', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      const next = { ...aTurn({ threadId: held.threadId }), doubleTexting: 'interrupt' as const };
      const work = async () => {
        const [renewed] = await lifecycle.renewLeases([held]);
        const items = renewed?.stopRequested ? cancelledItems(held) : [anAnswer(held.threadId)];
        const state = renewed?.stopRequested ? 'cancelled' : 'completed';
        return lifecycle.settle(held, { state }, items);
      };
      const [settled, { dispatch }] = await Promise.all([work(), lifecycle.admit(auth(), next)]);
      expect(settled).toBeDefined();
      expect(dispatch).toBeDefined();
      const types = await typesOf(held.threadId);
      expect(types.filter((type) => type !== 'sdk_hidden_context')).toEqual([
        'user_message',
        'assistant_message',
        'user_message',
      ]);
      expect(types.at(-1)).toBe('user_message');
    }
  });

  it('beside a rollback: the answer is before the new message, or nothing is left of the turn', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      const next = { ...aTurn({ threadId: held.threadId }), doubleTexting: 'rollback' as const };
      const [settled] = await Promise.all([
        lifecycle.settle(held, { state: 'completed' }, [anAnswer(held.threadId)]),
        lifecycle.admit(auth(), next),
      ]);
      expect(await typesOf(held.threadId)).toEqual(
        settled ? ['user_message', 'assistant_message', 'user_message'] : ['user_message'],
      );
      expect((await runRow(world.db, held.runId)).state).toBe(settled ? 'completed' : 'cancelled');
    }
  });
});

describe('claim', () => {
  it('beside a rollback: the run is withdrawn, and a worker that claimed it can write nothing', async () => {
    const { lifecycle, sent } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const turn = aTurn();
      await lifecycle.admit(auth(), turn);
      const next = { ...aTurn({ threadId: turn.threadId }), doubleTexting: 'rollback' as const };
      const [held, { dispatch }] = await Promise.all([
        lifecycle.claim({ runId: turn.runId, fence: 0 }, `wrk_of_${turn.runId}`),
        lifecycle.admit(auth(), next),
      ]);
      expect(await runRow(world.db, turn.runId)).toMatchObject({ state: 'cancelled', context: null });
      expect(dispatch?.runId).toBe(next.runId);
      expect(sent.filter(({ channel }) => channel.endsWith(turn.runId))).toHaveLength(held ? 1 : 0);
      const wrote = held && [
        await lifecycle.storeItem(held, anAnswer(turn.threadId)),
        await lifecycle.settle(held, { state: 'cancelled' }, cancelledItems(held)),
        await lifecycle.wasSettledAs(held, 'cancelled'),
        (await lifecycle.renewLeases([held])).length > 0,
      ];
      expect(wrote?.filter(Boolean) ?? []).toEqual([]);
      expect(await itemsOf(world.db, turn.threadId)).toMatchObject([{ id: next.userItem.id }]);
      expect(await lifecycle.claim({ runId: next.runId, fence: 0 }, 'wrk_2')).toBeDefined();
    }
  });
});

describe('hand-over', () => {
  it('beside a stop: the run is cancelled with one marker, or the next worker finds the stop when it claims', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      const [, { met }] = await Promise.all([lifecycle.handOver(held), lifecycle.requestStop(held.runId)]);
      const next = await lifecycle.claim({ runId: held.runId, fence: 2 }, 'wrk_2');
      expect({ told: next?.stopRequested, markers: markers(await typesOf(held.threadId)) }).toEqual(
        met === 'queued' ? { told: undefined, markers: 1 } : { told: true, markers: 0 },
      );
    }
  });
});

describe('admission', () => {
  it('beside the deletion of its thread: both succeed in this order, or the message is refused', async () => {
    const { lifecycle } = lifecycleOf(world);
    const store = new PrismaThreadStore(world.db);
    for (const _ of ROUNDS) {
      const first = aTurn();
      await lifecycle.admit(auth(), first);
      const outcome = lifecycle.admit(auth(), aTurn({ threadId: first.threadId })).then(
        () => 'admitted',
        (error: { code?: string }) => error.code,
      );
      await Promise.all([outcome, lifecycle.deleteThread(auth(), first.threadId)]);
      expect(['admitted', 'thread.not_found']).toContain(await outcome);
      expect([await openRuns(first.threadId), await typesOf(first.threadId)]).toEqual([0, []]);
      await expect(store.loadThread(auth(), first.threadId)).rejects.toMatchObject({ code: 'thread.not_found' });
    }
  });

  it('of duplicates stores one: the others find its run, and end no turn of the thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const doubleTexting of ['enqueue', 'reject', 'interrupt', 'rollback'] as const) {
      const first = aTurn();
      const idempotency = { key: `twin-${doubleTexting}`, bodyHash: 'b' };
      await lifecycle.admit(auth(), first);
      await lifecycle.requestStop(first.runId);
      const twins = ROUNDS.map(() => ({ ...aTurn({ threadId: first.threadId }), doubleTexting, idempotency }));
      const admitted = await Promise.allSettled(twins.map((turn) => lifecycle.admit(auth(), turn)));
      expect(admitted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { runId = '' } = (await lifecycle.findReplay(auth(), idempotency)) ?? {};
      expect(twins.map((turn) => turn.runId)).toContain(runId);
      expect((await runRow(world.db, runId)).state).toBe('queued');
      expect(await typesOf(first.threadId)).toEqual(['user_message', 'sdk_hidden_context', 'user_message']);
      await expect(lifecycle.findReplay(auth(), { ...idempotency, bodyHash: 'c' })).rejects.toMatchObject({
        code: 'idempotency.conflict',
      });
    }
  });

  it('of duplicates that begin a thread stores one thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    const idempotency = { key: 'twin-first', bodyHash: 'b' };
    const twins = ROUNDS.map(() => ({ ...aTurn(), idempotency }));
    const admitted = await Promise.allSettled(twins.map((turn) => lifecycle.admit(auth(), turn)));
    expect(admitted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await world.db.pool.query('SELECT id FROM threads WHERE id = ANY($1)', [
      twins.map(({ threadId }) => threadId),
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('renew', () => {
  it('beside a recovery: the lease is renewed, or the run is claimed by the next worker', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const _ of ROUNDS) {
      const held = await claimedTurn(lifecycle);
      await expireLease(world.db, held.runId);
      const [renewed, next] = await Promise.all([lifecycle.renewLeases([held]), lifecycle.claim(held, 'wrk_2')]);
      // A renewal that came first leaves nothing to claim; one that came second renews nothing.
      expect([renewed.length, next ? 1 : 0].toSorted()).toEqual([0, 1]);
      const owner = next ?? held;
      expect(await lifecycle.settle(owner, { state: 'completed' }, [anAnswer(held.threadId)])).toBeDefined();
      expect(answers(await typesOf(held.threadId))).toBe(1);
    }
  });
});
