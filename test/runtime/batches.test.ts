import { afterAll, describe, expect, it, vi } from 'vitest';
import { newId } from '#chatkit';
import { type Claim, loadHistory, type Outcome } from '#runtime/worker';
import { settleRuns } from '../../libs/runtime/src/runs/settle-statement.js';
import { anAnswer, aTurn, auth, claimedTurn, lifecycleOf, openWorld, runRow, type Lifecycle } from './support/world.js';

const world = await openWorld();
afterAll(() => world.close());

const COMPLETED: Outcome = { state: 'completed' };

/** Names of the prepared statements that the work sends. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(world.db.pool, 'query');
  await work();
  const names = query.mock.calls.map(([statement]) => (statement as { name?: string }).name ?? '');
  query.mockRestore();
  return names;
}

async function admitted(lifecycle: Lifecycle, count: number) {
  const turns = Array.from({ length: count }, (_, number) => aTurn({ text: `I am number ${number}` }));
  for (const turn of turns) await lifecycle.admit(auth(), turn);
  return turns;
}

async function said(threadId: string): Promise<{ position: string; text: string }[]> {
  const { rows } = await world.db.pool.query<{ position: string; text: string }>(
    `SELECT position, payload->'content'->0->>'text' AS text FROM items WHERE thread_id = $1 ORDER BY position`,
    [threadId],
  );
  return rows;
}

const claimAll = (lifecycle: Lifecycle, runIds: readonly string[]) =>
  Promise.all(runIds.map((runId) => lifecycle.claim({ runId, fence: 0 }, 'wrk_1', 10)));

async function waitingStatements(): Promise<number> {
  const { rows } = await world.db.pool.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows[0]?.waiting ?? 0;
}

/** Whether the run was still held. */
const settle = async (lifecycle: Lifecycle, held: Claim, outcome = COMPLETED): Promise<boolean> =>
  (await lifecycle.settle(held, outcome, [anAnswer(held.threadId, `to ${held.runId}`)])) !== undefined;

describe('runs that are claimed at the same time', () => {
  it('are claimed by one statement, each with its own history', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turns = await admitted(lifecycle, 12);
    let claims: (Claim | undefined)[] = [];
    const names = await statementsOf(async () => {
      claims = await claimAll(
        lifecycle,
        turns.map(({ runId }) => runId),
      );
      for (const [number, claim] of claims.entries()) {
        const items = claim && (await loadHistory(world.db.pool, claim, 10));
        expect(items).toMatchObject([{ content: [{ text: `I am number ${number}` }] }]);
      }
    });
    expect(claims.map((claim) => claim?.runId)).toEqual(turns.map(({ runId }) => runId));
    expect(names).toEqual(['runs-claim']);
  });

  it('are claimed despite late, duplicated and unknown jobs among them', async () => {
    const { lifecycle } = lifecycleOf(world);
    const [first, second] = await admitted(lifecycle, 2);
    const taken = await claimedTurn(lifecycle);
    const runIds = [first?.runId ?? '', taken.runId, first?.runId ?? '', newId('run'), second?.runId ?? ''];
    const claims = await claimAll(lifecycle, runIds);
    expect(claims.filter(Boolean)).toHaveLength(2);
    expect([claims[1], claims[3]]).toEqual([undefined, undefined]);
    expect(claims[4]).toMatchObject({ runId: second?.runId, fence: 1 });
  });

  it('are claimed despite one whose thread is taken, which waits again', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const next = aTurn({ threadId: held.threadId });
    await lifecycle.admit(auth(), next);
    await world.db.pool.query('UPDATE runs SET dispatched_at = now() WHERE id = $1', [next.runId]);
    const [free] = await admitted(lifecycle, 1);
    const claims = await claimAll(lifecycle, [next.runId, free?.runId ?? '']);
    expect(claims.map((claim) => claim?.runId)).toEqual([undefined, free?.runId]);
    expect(await runRow(world.db, next.runId)).toMatchObject({ state: 'queued', dispatched_at: null });
  });

  it('see the output of the turn before, even when its end is only just being stored', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const next = aTurn({ threadId: held.threadId });
    await lifecycle.admit(auth(), next);
    const lastItems = [anAnswer(held.threadId, 'the last word')];
    let claiming: Promise<(Claim | undefined)[]> = Promise.resolve([]);
    await world.openDatabase().system.transaction(async (tx) => {
      await settleRuns(tx, [{ run: { ...held, state: 'working' }, outcome: COMPLETED, lastItems }], { waits: true });
      claiming = claimAll(lifecycle, [next.runId]);
      await vi.waitFor(async () => expect(await waitingStatements()).toBe(1));
    });
    const [claim] = await claiming;
    const items = claim && (await loadHistory(world.db.pool, claim, 10));
    expect(JSON.stringify(items)).toContain('the last word');
  });

  it('see the messages of their thread, in order, and a later attempt reads them again', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle, { text: 'one' });
    await lifecycle.settle(held, COMPLETED, [anAnswer(held.threadId, 'two'), anAnswer(held.threadId, 'three')]);
    const next = aTurn({ threadId: held.threadId, text: 'four' });
    await lifecycle.admit(auth(), next);
    const [claim] = await claimAll(lifecycle, [next.runId]);
    const texts = async (of: Claim, limit: number) =>
      (await loadHistory(world.db.pool, of, limit)).map(
        (item) => JSON.stringify(item).match(/one|two|three|four/)?.[0],
      );
    if (!claim) throw new Error('the claim was refused');
    expect(await texts(claim, 10)).toEqual(['one', 'two', 'three', 'four']);
    // A turn that the window would cut at its beginning is left out as a whole [MI-12].
    expect(await texts(claim, 3)).toEqual(['four']);
    expect(await texts(claim, 1)).toEqual(['four']);
    await lifecycle.handOver(claim);
    const again = await lifecycle.claim({ runId: next.runId, fence: 2 }, 'wrk_2', 10);
    expect(again?.history).toBeUndefined();
    expect(again && (await texts(again, 10))).toEqual(['one', 'two', 'three', 'four']);
  });
});

describe('runs that end at the same time', () => {
  it('are settled by one statement, each with its own items', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await Promise.all(Array.from({ length: 12 }, () => claimedTurn(lifecycle)));
    const names = await statementsOf(async () => {
      const settled = await Promise.all(held.map((one) => settle(lifecycle, one)));
      expect(settled).toEqual(held.map(() => true));
    });
    expect(names).toEqual(['runs-settle']);
    for (const { threadId, runId } of held) {
      expect(await runRow(world.db, runId)).toMatchObject({ state: 'completed', context: null });
      expect(await said(threadId)).toEqual([
        { position: '1', text: 'Hello' },
        { position: '2', text: `to ${runId}` },
      ]);
    }
  });

  it('wait for no lock but that of their own thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    const [blocked, free] = [await claimedTurn(lifecycle), await claimedTurn(lifecycle)];
    const ended: string[] = [];
    let settling: Promise<unknown> = Promise.resolve();
    await world.openDatabase().system.transaction(async (tx) => {
      await tx.query({ text: 'SELECT 1 FROM threads WHERE id = $1 FOR UPDATE', values: [blocked.threadId] });
      settling = settle(lifecycle, blocked).then((isOurs) => ended.push(`blocked ${isOurs}`));
      await settle(lifecycle, free).then((isOurs) => ended.push(`free ${isOurs}`));
      expect(ended).toEqual(['free true']);
    });
    await settling;
    expect(ended).toEqual(['free true', 'blocked true']);
  });

  it('of one thread end one after the other', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = await claimedTurn(lifecycle);
    const action = aTurn({ threadId: turn.threadId });
    await lifecycle.admit(auth(), action);
    await world.db.pool.query(`UPDATE runs SET takes_turn = false WHERE id = $1`, [action.runId]);
    const beside = await lifecycle.claim({ runId: action.runId, fence: 0 }, 'wrk_1');
    if (!beside) throw new Error('the claim was refused');
    const names = await statementsOf(async () => {
      expect(await Promise.all([settle(lifecycle, turn), settle(lifecycle, beside)])).toEqual([true, true]);
    });
    expect(names).toEqual(['runs-settle', 'run-settle']);
    expect((await said(turn.threadId)).map(({ position }) => position)).toEqual(['1', '2', '3', '4']);
  });

  it('are settled despite one that has changed, or that Postgres refuses', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await Promise.all(Array.from({ length: 4 }, () => claimedTurn(lifecycle)));
    const [lost, impossible] = held;
    if (lost) await lifecycle.handOver(lost);
    const results = await Promise.allSettled(
      held.map((one) => settle(lifecycle, one, one === impossible ? { ...COMPLETED, costMicros: 1e30 } : COMPLETED)),
    );
    expect(results).toMatchObject([
      { value: false },
      { status: 'rejected', reason: { code: '22P02' } },
      { value: true },
      { value: true },
    ]);
    expect(await runRow(world.db, impossible?.runId ?? '')).toMatchObject({ state: 'working' });
  });

  it('are all rejected when Postgres is unavailable', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await Promise.all(Array.from({ length: 3 }, () => claimedTurn(lifecycle)));
    const query = vi.spyOn(world.db.pool, 'query').mockImplementation(() => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    });
    const results = await Promise.allSettled(held.map((one) => settle(lifecycle, one)));
    expect(query).toHaveBeenCalledTimes(1);
    query.mockRestore();
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await Promise.all(held.map((one) => settle(lifecycle, one)))).toEqual([true, true, true]);
  });
});

it('waiting runs are looked up once for all owners whose runs have ended', async () => {
  const { lifecycle, added } = lifecycleOf(world);
  const held = await claimedTurn(lifecycle);
  const next = aTurn({ threadId: held.threadId });
  await lifecycle.admit(auth(), next);
  await lifecycle.settle(held, COMPLETED, []);
  const others = Array.from({ length: 9 }, (_, number) => ({ tenantId: 'acme', ownerId: `nobody-${number}` }));
  const owners = [...others, { tenantId: held.tenantId, ownerId: held.ownerId }];
  const names = await statementsOf(() => Promise.all(owners.map((owner) => lifecycle.releaseNext(owner))));
  expect(added).toMatchObject([{ runId: next.runId }]);
  expect(names.filter((name) => name === 'runs-owner-waits')).toHaveLength(1);
  // One query that finds the run, and one that finds no other.
  expect(names.filter((name) => name === 'run-release-owner')).toHaveLength(2);
});
