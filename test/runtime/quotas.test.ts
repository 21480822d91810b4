import { describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import {
  type AuthContext,
  CallStore,
  type ModelUsage,
  publicQuota,
  QuotasConfig,
  quotasOf,
  type RunLimits,
  UsageStore,
} from '#runtime';
import type { Outcome } from '#runtime/worker';
import { forgetOldCalls } from '../../libs/runtime/src/calls/call-store.js';
import { listNearQuotas } from '../../libs/runtime/src/quotas/near-quotas.js';
import { statements } from '../../libs/runtime/src/platform/statement.js';
import { expectLedgerExact, ledgerOf } from './support/ledger.js';
import { aTurn, auth, expireLease, type Lifecycle, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();

type Config = Parameters<typeof QuotasConfig.parse>[0];
const configured = (config: Config): Partial<RunLimits> => ({ quotas: quotasOf(QuotasConfig.parse(config)) });
const PRIVATE = { threadId: 'thr_private', itemIds: ['msg_1'], kind: 'positive' };
const TENANT = { reserve: { tokens: 100, cost: 0.001 } };

/** A tenant for one test. */
const tenant = () => {
  const tenantId = newId('run');
  return (userId: string): AuthContext => auth(userId, tenantId);
};

const usage = (tokens: number, costMicros?: number): ModelUsage => ({
  provider: 'openai',
  model: 'gpt',
  calls: 1,
  inputTokens: tokens - 1,
  outputTokens: 1,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costMicros,
  estimated: false,
});
const used = (tokens: number, costMicros?: number): Outcome => ({
  state: 'completed',
  usage: { inputTokens: tokens - 1, outputTokens: 1 },
  costMicros,
  modelUsage: [usage(tokens, costMicros)],
});

const expectExact = async (tenantId: string): Promise<void> => expectLedgerExact(await ledgerOf(world.db, tenantId));

async function finish(lifecycle: Lifecycle, runId: string, outcome: Outcome): Promise<void> {
  const held = await lifecycle.claim({ runId, fence: 0 }, 'wrk_1');
  if (!held || !(await lifecycle.settle(held, outcome, []))) throw new Error(`${runId} could not be settled`);
}

async function turn(lifecycle: Lifecycle, who: AuthContext, outcome: Outcome): Promise<void> {
  const asked = aTurn();
  await lifecycle.admit(who, asked);
  await finish(lifecycle, asked.runId, outcome);
}

const outcomesOf = async (admissions: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const outcomes = await Promise.all(
    admissions.map((admission) =>
      admission.then(
        () => 'admitted',
        (error: { code?: string }) => error.code ?? String(error),
      ),
    ),
  );
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

const rowsOf = async (tenantId: string) => {
  const { rows } = await world.db.pool.query(
    `SELECT (SELECT count(*) FROM runs WHERE tenant_id = $1)::int AS runs,
            (SELECT count(*) FROM threads WHERE tenant_id = $1)::int AS threads,
            (SELECT count(*) FROM items WHERE tenant_id = $1)::int AS items`,
    [tenantId],
  );
  return rows[0] as { runs: number; threads: number; items: number };
};

const completionOf = (max_tokens: number) => ({
  runId: newId('run'),
  completion: { model: 'demo/echo', messages: [{ role: 'user' as const, content: 'Hello' }], max_tokens },
  context: {},
});

describe('a quota', () => {
  it.each([
    ['user', { ...TENANT, perUser: { tokensPerDay: 3_000 } }],
    ['user, in money', { ...TENANT, perUser: { costPerMonth: 0.03 } }],
    ['tenant', { ...TENANT, perTenant: { tokensPerMonth: 3_000 } }],
  ] as const)('per %s admits exactly what fits of 200 turns at once, from three processes', async (_, config) => {
    const processes = [0, 1, 2].map(
      () => lifecycleOf({ ...world, db: world.openDatabase() }, {}, configured(config)).lifecycle,
    );
    const ada = tenant()('ada');
    const begun = newId('thread');
    const [first] = processes;
    await first?.admit(ada, { ...aTurn(), threadId: begun });
    // New threads, and messages to one thread, which are admitted in a transaction of several statements.
    const outcomes = await outcomesOf(
      Array.from({ length: 200 }, async (_each, n) =>
        processes[n % 3]?.admit(ada, n % 4 === 0 ? aTurn({ threadId: begun }) : aTurn()),
      ),
    );
    expect(outcomes).toEqual({ admitted: 29, 'quota.exceeded': 171 });
    expect((await rowsOf(ada.tenantId)).runs).toBe(30);
    expect((await rowsOf(ada.tenantId)).items).toBe(30);
    await expectExact(ada.tenantId);
  });

  it('is exact after 200 turns that were answered, failed, stopped, rolled back, lost and deleted at the same time', async () => {
    const config = { ...TENANT, perUser: { tokensPerDay: 1e9 }, perTenant: { costPerMonth: 1e6 } };
    const processes = [0, 1, 2].map(
      () => lifecycleOf({ ...world, db: world.openDatabase() }, {}, configured(config)).lifecycle,
    );
    const of = tenant();
    const { tenantId } = of('ada');
    const one = async (n: number): Promise<void> => {
      const lifecycle = processes[n % 3] as Lifecycle;
      const who = of(`user ${n % 7}`);
      const asked = aTurn();
      await lifecycle.admit(who, asked);
      if (n % 6 === 0) return void (await lifecycle.requestStop(asked.runId));
      if (n % 6 === 1) return lifecycle.deleteThread(who, asked.threadId);
      if (n % 6 === 2)
        return void (await lifecycle.admit(who, { ...aTurn({ threadId: asked.threadId }), doubleTexting: 'rollback' }));
      const held = await lifecycle.claim({ runId: asked.runId, fence: 0 }, 'wrk_1');
      if (!held) throw new Error('not claimed');
      if (n % 6 === 3) {
        // Its worker is killed after it had booked something of its own.
        await new UsageStore(world.db, quotasOf(QuotasConfig.parse(config))).book(held, [usage(50, 7)]);
        return expireLease(world.db, asked.runId);
      }
      const ends = lifecycle.settle(held, n % 6 === 4 ? { ...used(10 + n, n), state: 'failed' } : used(1_000 + n), []);
      await (n % 12 === 5 ? Promise.allSettled([ends, lifecycle.deleteThread(who, asked.threadId)]) : ends);
    };
    await Promise.all(Array.from({ length: 200 }, (_each, n) => one(n)));
    await expectExact(tenantId);
    expect((await ledgerOf(world.db, tenantId)).map(({ owner }) => owner)).toContain('');

    // What nobody has ended yet is ended: by its third worker, which is killed, too.
    const [lifecycle] = processes as [Lifecycle];
    await world.db.pool.query(
      `UPDATE runs SET attempt = 3, state = 'working', lease_expires_at = now() - interval '1 s'
       WHERE tenant_id = $1 AND settled_at IS NULL`,
      [tenantId],
    );
    const open = `SELECT 1 FROM runs WHERE tenant_id = $1 AND settled_at IS NULL`;
    await expect
      .poll(async () => {
        await lifecycle.sweep();
        return (await world.db.pool.query(open, [tenantId])).rowCount;
      })
      .toBe(0);
    await expectExact(tenantId);
    for (const { counted } of await ledgerOf(world.db, tenantId)) expect(counted.slice(4)).toEqual([0, 0]);
  });

  it('counts what a run has used in place of what it had reserved', async () => {
    const { lifecycle } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 1_000 } }));
    const ada = tenant()('ada');
    await turn(lifecycle, ada, used(20));
    await turn(lifecycle, ada, used(890));
    const reached = await lifecycle.admit(ada, aTurn()).catch((error: unknown) => error);
    expect(reached).toMatchObject({
      code: 'quota.exceeded',
      details: { quota: 'user.tokens.day', limit: 1_000, used: 910, reserved: 0, remaining: 90 },
    });
    const { resets_at: resetsAt } = (reached as { details: { resets_at: string } }).details;
    expect(resetsAt).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
    const { retryAfterSeconds } = reached as { retryAfterSeconds: number };
    expect(Math.abs(retryAfterSeconds - (Date.parse(resetsAt) - Date.now()) / 1_000)).toBeLessThan(60);
    await expectExact(ada.tenantId);
  });

  it('that open runs have reserved can be asked for again soon', async () => {
    const { lifecycle } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 150 } }));
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    const before = await rowsOf(ada.tenantId);
    for (const asked of [aTurn(), aTurn({ threadId: first.threadId })]) {
      await expect(lifecycle.admit(ada, asked)).rejects.toMatchObject({
        code: 'quota.exceeded',
        retryAfterSeconds: 5,
        details: { used: 0, reserved: 100, remaining: 50 },
      });
    }
    expect(await rowsOf(ada.tenantId)).toEqual(before);
    await lifecycle.requestStop(first.runId);
    await lifecycle.admit(ada, aTurn());
  });

  it('that refuses an interruption leaves the open turn unchanged', async () => {
    const { lifecycle, sent } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 150 } }));
    const ada = tenant()('ada');
    const first = aTurn();
    await lifecycle.admit(ada, first);
    const held = await lifecycle.claim({ runId: first.runId, fence: 0 }, 'wrk_1');
    const asked = { ...aTurn({ threadId: first.threadId }), doubleTexting: 'interrupt' as const };
    await expect(lifecycle.admit(ada, asked)).rejects.toMatchObject({ code: 'quota.exceeded' });
    expect(held && (await lifecycle.renewLeases([held]))).toEqual([{ runId: first.runId, stopRequested: false }]);
    expect(sent).toEqual([]);
  });

  it('holds for completions, which reserve what they ask for, and for a long message', async () => {
    const { lifecycle } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 1_000 } }));
    const ada = tenant()('ada');
    await expect(lifecycle.admitCompletion(ada, completionOf(2_000))).rejects.toMatchObject({ code: 'quota.exceeded' });
    await lifecycle.admitCompletion(ada, completionOf(800));
    const [{ counted } = { counted: [] }] = await ledgerOf(world.db, ada.tenantId);
    expect(counted[4]).toBeGreaterThanOrEqual(800);
    await expect(lifecycle.admit(ada, aTurn({ text: 'word '.repeat(200) }))).rejects.toMatchObject({
      code: 'quota.exceeded',
    });
    await lifecycle.admit(ada, aTurn());
    await expectExact(ada.tenantId);
  });

  it('is not shared by users, tenants, or users of the same name', async () => {
    const { lifecycle } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 100 } }));
    const [here, there] = [tenant(), tenant()];
    for (const who of [here('ada'), here('bob'), there('ada')]) {
      await lifecycle.admit(who, aTurn());
      await expect(lifecycle.admit(who, aTurn())).rejects.toMatchObject({ code: 'quota.exceeded' });
    }
  });

  it('of a tenant is shared by its users, and a tenant may have one of its own', async () => {
    const [small, large, free] = [tenant(), tenant(), tenant()];
    const config = {
      ...TENANT,
      perTenant: { tokensPerDay: 200 },
      tenants: {
        [large('ada').tenantId]: { perTenant: { tokensPerDay: 300 } },
        [free('ada').tenantId]: { perTenant: { tokensPerDay: false as const } },
      },
    };
    const { lifecycle } = lifecycleOf(world, {}, configured(config));
    const admitted = (of: (user: string) => AuthContext) =>
      outcomesOf(Array.from({ length: 6 }, (_, n) => lifecycle.admit(of(`user ${n}`), aTurn())));
    expect(await admitted(small)).toEqual({ admitted: 2, 'quota.exceeded': 4 });
    expect(await admitted(large)).toEqual({ admitted: 3, 'quota.exceeded': 3 });
    expect(await admitted(free)).toEqual({ admitted: 6 });
    await expectExact(small('ada').tenantId);
  });

  it('of a day and of a month begin anew by the clock of Postgres', async () => {
    const config = { ...TENANT, perUser: { tokensPerDay: 1_000, tokensPerMonth: 5_000 } };
    const { lifecycle } = lifecycleOf(world, {}, configured(config));
    const ada = tenant()('ada');
    const ago = (interval: string) =>
      world.db.pool.query(
        `WITH counters AS (UPDATE quota_counters SET day = day - $2::interval WHERE tenant_id = $1),
              entries AS (UPDATE quota_entries SET created_at = created_at - $2::interval WHERE tenant_id = $1)
         UPDATE model_usage SET created_at = created_at - $2::interval WHERE tenant_id = $1`,
        [ada.tenantId, interval],
      );
    const quotas = async () => (await lifecycle.quotas(ada)).map(publicQuota);
    await turn(lifecycle, ada, used(400));
    await turn(lifecycle, ada, used(600));
    await expect(lifecycle.admit(ada, aTurn())).rejects.toMatchObject({ details: { quota: 'user.tokens.day' } });
    const isFirstOfMonth = new Date().getUTCDate() === 1;
    await ago('1 day');
    expect(await quotas()).toMatchObject([
      { quota: 'user.tokens.month', used: isFirstOfMonth ? 0 : 1_000 },
      { quota: 'user.tokens.day', used: 0, remaining: 1_000 },
    ]);
    await turn(lifecycle, ada, used(10));
    await expectExact(ada.tenantId);
    await ago('1 month');
    const open = aTurn();
    await lifecycle.admit(ada, open);
    expect(await quotas()).toMatchObject([
      { quota: 'user.tokens.month', used: 0, reserved: 100, remaining: 4_900 },
      { quota: 'user.tokens.day', used: 0, reserved: 100, remaining: 900 },
    ]);
    // Reserved in the last month, used in this one.
    await finish(lifecycle, open.runId, used(30));
    expect(await quotas()).toMatchObject([
      { used: 30, reserved: 0 },
      { used: 30, reserved: 0 },
    ]);
    await expectExact(ada.tenantId);
  });

  it('counts what is booked apart from the end of a run: late titles, lost attempts, hooks', async () => {
    const limits = configured({ ...TENANT, perUser: { tokensPerDay: 1_000 }, perTenant: { costPerDay: 1 } });
    const { lifecycle } = lifecycleOf(world, {}, limits);
    const store = new UsageStore(world.db, limits.quotas);
    const ada = tenant()('ada');
    await turn(lifecycle, ada, used(20, 5));
    const of = { tenantId: ada.tenantId, ownerId: ada.userId, runId: newId('run'), fence: 1 };
    await store.book(of, [usage(100, 10), { ...usage(7), model: 'other' }]);
    await store.book(of, [usage(100, 10)]);
    await store.add(of, [usage(30, 3)]);
    // Counted although the limit is passed by it.
    await store.add({ ...of, runId: newId('run') }, [usage(5_000, 100)]);
    await expectExact(ada.tenantId);
    await expect(lifecycle.admit(ada, aTurn())).rejects.toMatchObject({ details: { used: 5_157, remaining: 0 } });
    await expectExact(ada.tenantId);
  });

  it('admits exactly what fits of 200 assistant calls at once, and is exact whatever becomes of them', async () => {
    const limits = configured({ ...TENANT, perUser: { tokensPerDay: 3_000 }, perTenant: { costPerMonth: 1 } });
    const { limits: all } = lifecycleOf(world, {}, limits);
    const stores = [0, 1, 2].map(() => new CallStore(world.openDatabase(), all));
    const usageStore = new UsageStore(world.db, limits.quotas);
    const ada = tenant()('ada');
    const payload = { threadId: 'thr_1', action: { type: 'buy', payload: {} } };
    const ids = Array.from({ length: 200 }, () => newId('run'));
    const ask = (callId: string, n: number) =>
      stores[n % 3]?.ask(ada, {
        callId,
        kind: 'sync_action',
        assistantId: 'a',
        payload,
        context: {},
        askedBy: 'api_1',
      });
    const admitted: string[] = [];
    const outcomes = await outcomesOf(ids.map(async (id, n) => (await ask(id, n), admitted.push(id))));
    expect(outcomes).toEqual({ admitted: 30, 'quota.exceeded': 170 });
    await expectExact(ada.tenantId);

    const [store] = stores as [CallStore];
    const owner = { tenantId: ada.tenantId, ownerId: ada.userId };
    const end = async (callId: string, n: number): Promise<unknown> => {
      if (n % 5 === 0) return store.forget(ada, callId);
      await store.take(callId);
      // Its worker is killed, and the sweep deletes it.
      if (n % 5 === 1)
        return world.db.pool.query(`UPDATE calls SET created_at = now() - interval '301 s' WHERE id = $1`, [callId]);
      if (n % 5 === 2) await store.forget(ada, callId);
      await usageStore.add({ ...owner, runId: callId, fence: 0 }, [usage(20, 3)]);
      return store.answer({ ...owner, callId }, { value: {} });
    };
    await Promise.all(admitted.map(end));
    await expectExact(ada.tenantId);
    const held = (await ledgerOf(world.db, ada.tenantId)).map(({ counted }) => counted[4]);
    expect(held).toEqual([600, 600]);
    await forgetOldCalls(world.db.system);
    await expectExact(ada.tenantId);
    expect((await ledgerOf(world.db, ada.tenantId)).map(({ counted }) => counted[4])).toEqual([0, 0]);
    await world.db.pool.query('DELETE FROM calls WHERE tenant_id = $1', [ada.tenantId]);
    await expectExact(ada.tenantId);
  });

  it('holds what a call reserves until its worker has answered, also when nobody waits any more', async () => {
    const limits = configured({ ...TENANT, perUser: { tokensPerDay: 150 } });
    const { lifecycle, limits: all } = lifecycleOf(world, {}, limits);
    const store = new CallStore(world.db, all);
    const ada = tenant()('ada');
    const call = { callId: newId('run'), kind: 'feedback', assistantId: 'a', payload: PRIVATE } as const;
    await store.ask(ada, { ...call, context: {}, askedBy: 'api_1' });
    await store.take(call.callId);
    await store.forget(ada, call.callId);
    await expect(lifecycle.admit(ada, aTurn())).rejects.toMatchObject({ code: 'quota.exceeded', retryAfterSeconds: 5 });
    const { rows } = await world.db.pool.query('SELECT * FROM calls WHERE id = $1', [call.callId]);
    expect(JSON.stringify(rows)).not.toContain(PRIVATE.threadId);
    await store.answer({ callId: call.callId, tenantId: ada.tenantId, ownerId: ada.userId }, { value: {} });
    expect((await world.db.pool.query('SELECT 1 FROM calls WHERE id = $1', [call.callId])).rowCount).toBe(0);
    await lifecycle.admit(ada, aTurn());
    await expectExact(ada.tenantId);
  });

  it('reserves for speech by its length', async () => {
    const { limits } = lifecycleOf(world, {}, configured({ ...TENANT, perUser: { tokensPerDay: 1_000 } }));
    const store = new CallStore(world.db, limits);
    const ada = tenant()('ada');
    const hear = (bytes: number) => {
      const payload = { audioBase64: Buffer.alloc(bytes).toString('base64'), mimeType: 'audio/webm' };
      return store.ask(ada, {
        callId: newId('run'),
        kind: 'transcribe',
        assistantId: 'a',
        payload,
        context: {},
        askedBy: 'a',
      });
    };
    await expect(hear(500_000)).rejects.toMatchObject({ code: 'quota.exceeded' });
    await hear(120_000);
    expect((await ledgerOf(world.db, ada.tenantId)).map(({ counted }) => counted[4])).toEqual([300]);
  });

  it('that was not configured for a while is counted anew, also while runs begin and end', async () => {
    const limits = configured({ ...TENANT, perUser: { tokensPerDay: 1e6 }, perTenant: { tokensPerDay: 1e6 } });
    const { lifecycle, limits: all } = lifecycleOf(world, {}, limits);
    const { lifecycle: without } = lifecycleOf(world);
    const ada = tenant()('ada');
    const open = [aTurn(), aTurn()];
    for (const asked of open) await lifecycle.admit(ada, asked);
    const call = { callId: newId('run'), kind: 'feedback', assistantId: 'a', payload: {}, context: {} } as const;
    await new CallStore(world.db, all).ask(ada, { ...call, askedBy: 'api_1' });
    await without.forgetUnusedQuotas();
    await turn(without, ada, used(77));
    await Promise.all([
      ...open.map(({ runId }) => finish(lifecycle, runId, used(50))),
      ...Array.from({ length: 20 }, () => turn(lifecycle, ada, used(3))),
    ]);
    await expectExact(ada.tenantId);
    expect((await lifecycle.quotas(ada)).map(({ used: tokens }) => tokens)).toEqual([237, 237]);
  });

  it('that is not configured is in no statement, and no run reserves', async () => {
    const { lifecycle } = lifecycleOf(world);
    const ada = tenant()('ada');
    await turn(lifecycle, ada, used(20));
    const { rows } = await world.db.pool.query(
      `SELECT reserved_by, (SELECT count(*)::int FROM quota_entries WHERE tenant_id = $1) AS entries,
              (SELECT count(*)::int FROM quota_counters WHERE tenant_id = $1) AS counters FROM runs WHERE tenant_id = $1`,
      [ada.tenantId],
    );
    expect(rows).toEqual([{ reserved_by: null, entries: 0, counters: 0 }]);
    const plain = statements().filter(
      ({ label }) => /^(admit|run|runs|usage|thread)-/.test(label) && !label.endsWith('-quota'),
    );
    expect(plain.length).toBeGreaterThan(20);
    expect(plain.filter(({ text }) => /quota|reserved/.test(text)).map(({ label }) => label)).toEqual([]);
    expect(await lifecycle.quotas(ada)).toEqual([]);
  });
});

describe('the quotas that are nearly used up', () => {
  const config = QuotasConfig.parse({
    ...TENANT,
    perUser: { tokensPerDay: 10_000 },
    perTenant: { costPerMonth: 0.05 },
    tenants: {},
  });

  it('are those with the largest share, of users and of tenants, by the limits of each', async () => {
    const [who, other] = [tenant(), tenant()];
    const special = other('x').tenantId;
    const quotas = quotasOf({
      ...config,
      tenants: { [special]: { perUser: { tokensPerDay: 1_000 }, perTenant: { costPerMonth: false } } },
    });
    const { lifecycle } = lifecycleOf(world, {}, { quotas });
    await turn(lifecycle, who('ada'), used(6_000, 20_000));
    await turn(lifecycle, who('bob'), used(200));
    await turn(lifecycle, other('eve'), used(900, 20_000));
    // Still open: what it has reserved counts, too.
    await lifecycle.admit(who('bob'), aTurn());
    if (!quotas) throw new Error('there are quotas');
    const near = await listNearQuotas(world.db.system, quotas);
    const ours = near.filter((one) => [who('x').tenantId, special].includes(one.tenant));
    expect(
      ours.map(({ tenant: of, user, unit, limit, used: spent, reserved }) => [
        of === special,
        user,
        unit,
        limit,
        spent,
        reserved,
      ]),
    ).toEqual([
      [true, 'eve', 'tokens', 1_000, 900, 0],
      [false, 'ada', 'tokens', 10_000, 6_000, 0],
      [false, '', 'cost', 50_000, 20_000, 1_000],
      [false, 'bob', 'tokens', 10_000, 200, 100],
    ]);
    expect(ours.every(({ isCut }) => !isCut)).toBe(true);
    expect(await expectExact(who('x').tenantId)).toBeUndefined();
  });
});
