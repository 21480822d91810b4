import { describe, expect, it } from 'vitest';
import { type AttachmentFiles, type AuthContext, DeletedFiles, type RunLimits, PrismaThreadStore } from '#runtime';
import { type Claim, sweepUploads } from '#runtime/worker';
import { loadRun } from '#runtime/api';
import { newId } from '#chatkit';
import { anAnswer, aTurn, auth, itemsOf, lifecycleOf, recordingLogger, runRow, useWorld } from './support/world.js';

const world = useWorld();

const active = (perUser: number | null, perTenant: number | null = null): Partial<RunLimits> => ({
  activeRuns: { perUser, perTenant },
});
const queued = (limits: Partial<RunLimits['queuedRuns']>): Partial<RunLimits> => ({
  queuedRuns: { global: null, perTenant: null, perUser: null, ...limits },
});

/** A tenant for one test. */
const tenant = () => {
  const tenantId = newId('run');
  return (userId: string): AuthContext => auth(userId, tenantId);
};

const rowsOf = async ({ tenantId }: AuthContext) => {
  const { rows } = await world.db.pool.query(
    `SELECT (SELECT count(*) FROM runs WHERE tenant_id = $1)::int AS runs,
            (SELECT count(*) FROM threads WHERE tenant_id = $1)::int AS threads,
            (SELECT count(*) FROM items WHERE tenant_id = $1)::int AS items`,
    [tenantId],
  );
  return rows[0] as unknown;
};

const claimed = async (lifecycle: ReturnType<typeof lifecycleOf>['lifecycle'], runId: string): Promise<Claim> => {
  const held = await lifecycle.claim({ runId, fence: 0 }, 'wrk_1');
  if (!held) throw new Error(`${runId} could not be claimed`);
  return held;
};

/** As if everything that has happened to a run had happened earlier. */
const age = (runId: string, seconds: number) =>
  world.db.pool.query(
    `UPDATE runs SET created_at = created_at - $2 * interval '1 s', settled_at = settled_at - $2 * interval '1 s',
                     dispatched_at = dispatched_at - $2 * interval '1 s' WHERE id = $1`,
    [runId, seconds],
  );

describe('a limit of queued runs', () => {
  it.each([
    ['user', { perUser: 3 }, 'limit.user'],
    ['tenant', { perTenant: 3 }, 'limit.tenant'],
  ] as const)('per %s refuses the fourth and stores nothing of it', async (_, limits, code) => {
    const { lifecycle, added } = lifecycleOf(world, {}, queued(limits));
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    await lifecycle.admit(ada, aTurn());
    await lifecycle.admit(ada, aTurn({ threadId: first.threadId }));
    const before = await rowsOf(ada);
    await expect(lifecycle.admit(ada, aTurn())).rejects.toMatchObject({ code });
    await expect(lifecycle.admit(ada, aTurn({ threadId: first.threadId }))).rejects.toMatchObject({ code });
    expect(await rowsOf(ada)).toEqual(before);
    expect(added).toEqual([]);
    // A worker takes one: there is room again.
    await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1');
    await lifecycle.admit(ada, aTurn());
    await expect(lifecycle.admit(ada, aTurn())).rejects.toMatchObject({ code });
  });

  it('per user counts only that user, per tenant all users of the tenant', async () => {
    const limited = queued({ perUser: 2, perTenant: 3 });
    const { lifecycle } = lifecycleOf(world, {}, limited);
    const of = tenant();
    for (const user of ['ada', 'ada', 'bob']) await lifecycle.admit(of(user), aTurn());
    await expect(lifecycle.admit(of('ada'), aTurn())).rejects.toMatchObject({ code: 'limit.user' });
    await expect(lifecycle.admit(of('bob'), aTurn())).rejects.toMatchObject({ code: 'limit.tenant' });
    await lifecycle.admit(tenant()('bob'), aTurn());
  });

  it('of the whole server applies to all users', async () => {
    const { rows } = await world.db.pool.query(`SELECT count(*)::int AS n FROM runs WHERE state = 'queued'`);
    const limits = queued({ global: (rows[0] as { n: number }).n + 1 });
    const { lifecycle } = lifecycleOf(world, {}, limits);
    const last = aTurn();
    const user = tenant()('ada');
    await lifecycle.admit(user, last);
    await expect(lifecycle.admit(auth('bob'), aTurn())).rejects.toMatchObject({ code: 'limit.server' });
    await lifecycle.requestStop(last.runId);
    await expect
      .poll(
        () =>
          lifecycle.admit(user, aTurn()).then(
            () => 'admitted',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('admitted');
  });

  it('that refuses an interruption leaves the open turn unchanged', async () => {
    const { lifecycle, sent } = lifecycleOf(world, {}, queued({ perUser: 1 }));
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    const held = await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1');
    await lifecycle.admit(ada, aTurn());
    for (const doubleTexting of ['interrupt', 'rollback'] as const) {
      const turn = { ...aTurn({ threadId: first.threadId }), doubleTexting };
      await expect(lifecycle.admit(ada, turn)).rejects.toMatchObject({ code: 'limit.user' });
    }
    expect(held && (await lifecycle.renewLeases([held]))).toEqual([{ runId: first.runId, stopRequested: false }]);
    expect(sent).toEqual([]);
    expect(await itemsOf(world.db, first.threadId)).toHaveLength(1);
  });
});

describe('a limit of active runs', () => {
  it('per user lets the next one start when one ends, in the order in which they came', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(2));
    const ada = tenant()('ada');
    const turns = [aTurn(), aTurn(), aTurn(), aTurn()];
    const admitted = [];
    for (const turn of turns) admitted.push(await lifecycle.admit(ada, turn));
    expect(admitted.map(({ dispatch }) => dispatch !== undefined)).toEqual([true, true, false, false]);
    const first = await claimed(lifecycle, turns[0]?.runId ?? '');
    await lifecycle.sweep();
    await lifecycle.releaseNext(first);
    expect(added).toEqual([]);
    await lifecycle.settle(first, { state: 'completed' }, []);
    await lifecycle.releaseNext(first);
    expect(added.map(({ runId }) => runId)).toEqual([turns[2]?.runId]);
    // Cancelling a queued run and deleting a thread make room as well.
    await lifecycle.requestStop(turns[1]?.runId ?? '');
    expect(added.map(({ runId }) => runId)).toEqual([turns[2]?.runId, turns[3]?.runId]);
    const fifth = aTurn();
    await lifecycle.admit(ada, fifth);
    await lifecycle.deleteThread(ada, turns[2]?.threadId ?? '');
    expect(added.at(-1)?.runId).toBe(fifth.runId);
  });

  it('lets the sweeper start a run whose release was lost in a crash', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(1));
    const ada = tenant()('ada');
    const turns = [aTurn(), aTurn(), aTurn()];
    for (const turn of turns) await lifecycle.admit(ada, turn);
    const held = await claimed(lifecycle, turns[0]?.runId ?? '');
    await lifecycle.settle(held, { state: 'completed' }, []);
    await lifecycle.sweep();
    const own = added.filter(({ runId }) => turns.some((turn) => turn.runId === runId));
    expect(own.map(({ runId }) => runId)).toEqual([turns[1]?.runId]);
  });

  it('of one user does not affect another: a thousand runs of one do not delay the first of the other', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(2));
    const of = tenant();
    const turns = Array.from({ length: 1000 }, () => aTurn());
    for (let n = 0; n < turns.length; n += 50) {
      await Promise.all(turns.slice(n, n + 50).map((turn) => lifecycle.admit(of('ada'), turn)));
    }
    expect((await lifecycle.admit(of('bob'), aTurn())).dispatch).toBeDefined();
    // However many were admitted at one moment, the released runs stay within the limit.
    const { rows } = await world.db.pool.query<{ id: string }>(
      `SELECT id FROM runs WHERE tenant_id = $1 AND owner_id = 'ada' AND dispatched_at IS NOT NULL`,
      [of('ada').tenantId],
    );
    for (const { id } of rows) await lifecycle.settle(await claimed(lifecycle, id), { state: 'completed' }, []);
    const owner = { tenantId: of('ada').tenantId, ownerId: 'ada' };
    await Promise.all(Array.from({ length: 8 }, () => lifecycle.releaseNext(owner)));
    expect(added).toHaveLength(2);
  });

  it('that users of a tenant share is given to them in turns', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(null, 1));
    const of = tenant();
    const owners = new Map<string, string>();
    const admit = async (user: string, times: number) => {
      for (let n = 0; n < times; n++) {
        const turn = aTurn();
        owners.set(turn.runId, user);
        const { dispatch } = await lifecycle.admit(of(user), turn);
        if (dispatch) added.push(dispatch);
      }
    };
    await admit('ada', 6);
    await admit('bob', 2);
    await admit('eve', 1);
    const served: (string | undefined)[] = [];
    for (let job = added.shift(); job; job = added.shift()) {
      served.push(owners.get(job.runId));
      const held = await claimed(lifecycle, job.runId);
      await lifecycle.settle(held, { state: 'completed' }, []);
      await lifecycle.releaseNext(held);
      expect(added.length).toBeLessThanOrEqual(1);
    }
    expect(served).toEqual(['ada', 'bob', 'eve', 'ada', 'bob', 'ada', 'ada', 'ada', 'ada']);
  });

  it('lets the waiting run start, whether its admission or the end of the other run comes first', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(1));
    for (let round = 0; round < 25; round++) {
      const ada = tenant()('ada');
      const first = aTurn();
      await lifecycle.admit(ada, first);
      const held = await claimed(lifecycle, first.runId);
      const second = aTurn();
      const ending = lifecycle.settle(held, { state: 'completed' }, []).then(() => lifecycle.releaseNext(held));
      const [{ dispatch }] = await Promise.all([lifecycle.admit(ada, second), ending]);
      const jobs = added.filter(({ runId }) => runId === second.runId).length + (dispatch ? 1 : 0);
      expect(jobs).toBe(1);
    }
  });
});

describe('release', () => {
  it('beside another release: every place is taken once, and none stays empty', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, active(4));
    const ada = tenant()('ada');
    const turns = Array.from({ length: 12 }, () => aTurn());
    for (const turn of turns) await lifecycle.admit(ada, turn);
    const held = [];
    for (const { runId } of turns.slice(0, 4)) held.push(await lifecycle.claim({ runId, fence: 0 }, 'wrk_1'));
    await Promise.all(
      held.map(async (claim) => {
        if (!claim) throw new Error('a run could not be claimed');
        await lifecycle.settle(claim, { state: 'completed' }, []);
        await lifecycle.releaseNext(claim);
      }),
    );
    expect(added.map(({ runId }) => runId).toSorted()).toEqual(
      turns
        .slice(4, 8)
        .map(({ runId }) => runId)
        .toSorted(),
    );
  });
});

describe('a run that no worker takes', () => {
  it('fails after its time, with an error, and makes room for the next one', async () => {
    const { lifecycle, added } = lifecycleOf(world, {}, { maxQueueMs: 60_000 });
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    const second = aTurn({ threadId: first.threadId });
    await lifecycle.admit(ada, second);
    await age(first.runId, 59);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 0 });
    await age(first.runId, 2);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 1 });
    const failed = await loadRun(world.db, ada, first.runId);
    expect(failed).toMatchObject({ state: 'failed', errorCode: 'run.queue_timeout' });
    expect(added.map(({ runId }) => runId)).toContain(second.runId);
    expect(await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1')).toBeUndefined();
  });

  it('does not count the wait for earlier turns in its thread, nor the time before a hand-over', async () => {
    const { lifecycle } = lifecycleOf(world, {}, { maxQueueMs: 60_000 });
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    const held = await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1');
    if (!held) throw new Error('the run could not be claimed');
    const second = aTurn({ threadId: first.threadId });
    await lifecycle.admit(ada, second);
    await age(first.runId, 600);
    await age(second.runId, 600);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 0 });
    await lifecycle.handOver(held);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 0 });
    const again = await lifecycle.claim({ runId: first.runId, fence: 2 }, 'wrk_2');
    if (!again) throw new Error('the run could not be claimed again');
    await lifecycle.settle(again, { state: 'completed' }, [anAnswer(first.threadId)]);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 0 });
    expect(await runRow(world.db, second.runId)).toMatchObject({ state: 'queued' });
    await age(first.runId, 61);
    expect(await lifecycle.sweep()).toMatchObject({ timedOut: 1 });
  });
});

describe('expiry', () => {
  it('clears day-old keys, which then stand for another run', async () => {
    const { lifecycle } = lifecycleOf(world);
    const ada = tenant()('ada');
    const idempotency = { key: 'k', bodyHash: 'b' };
    const turn = { ...aTurn(), idempotency };
    await lifecycle.admit(ada, turn);
    const held = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1');
    if (held) await lifecycle.settle(held, { state: 'completed' }, []);
    await world.db.pool.query(`UPDATE runs SET created_at = now() - interval '23 h' WHERE id = $1`, [turn.runId]);
    expect(await lifecycle.sweep()).toMatchObject({ keys: 0 });
    expect(await lifecycle.findReplay(ada, idempotency)).toMatchObject({ runId: turn.runId });
    await world.db.pool.query(`UPDATE runs SET created_at = now() - interval '25 h' WHERE id = $1`, [turn.runId]);
    expect(await lifecycle.sweep()).toMatchObject({ keys: 1 });
    expect(await lifecycle.findReplay(ada, idempotency)).toBeUndefined();
  });

  it('deletes day-old uploads without a thread, with their bytes', async () => {
    const store = new PrismaThreadStore(world.db);
    const ids = Array.from({ length: 3 }, () => newId('attachment'));
    for (const id of ids) {
      await store.saveAttachment(auth(), { attachment: { type: 'file', id, name: 'a', mime_type: 'b' }, metadata: {} });
    }
    const [old = '', used = '', fresh = ''] = ids;
    const turn = aTurn();
    const userItem = {
      ...turn.userItem,
      attachments: [{ type: 'file' as const, id: used, name: 'a', mime_type: 'b' }],
    };
    await lifecycleOf(world).lifecycle.admit(auth(), { ...turn, userItem });
    await world.db.pool.query(`UPDATE attachments SET created_at = now() - interval '25 h' WHERE id = ANY($1)`, [
      [old, used],
    ]);
    const deleted: string[] = [];
    const files = {
      delete: async (id: string) => void deleted.push(id),
    } as Partial<AttachmentFiles> as AttachmentFiles;
    expect(await sweepUploads(world.db)).toBe(1);
    expect(await new DeletedFiles(world.db, files, recordingLogger([])).remove()).toBe(1);
    expect(deleted).toEqual([old]);
    await expect(store.loadAttachment(auth(), old)).rejects.toMatchObject({ code: 'attachment.not_found' });
    for (const id of [used, fresh]) await store.loadAttachment(auth(), id);
    expect(await sweepUploads(world.db)).toBe(0);
  });
});
