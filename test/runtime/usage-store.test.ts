import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { type AuthContext, type ModelUsage, type UsageOwner, UsageStore } from '#runtime';
import { anAnswer, auth, claimedTurn, expireLease, lifecycleOf, useWorld } from './support/world.js';

const DAY_MS = 86_400_000;

const used = (fields: Partial<ModelUsage> = {}): ModelUsage => ({
  provider: 'openai',
  model: 'gpt',
  calls: 2,
  inputTokens: 100,
  outputTokens: 20,
  cachedInputTokens: 60,
  reasoningTokens: 5,
  costMicros: 1_234,
  estimated: false,
  ...fields,
});

/** Any model name may be requested: it is sent to the provider as it is. */
const LONG_NAME = randomBytes(4_000).toString('hex');

const world = useWorld();
let store: UsageStore;
let ada: AuthContext;
beforeAll(() => {
  store = new UsageStore(world.db);
});
beforeEach(() => {
  ada = auth(newId('message'));
});

const owner = (fields: Partial<UsageOwner> = {}): UsageOwner => ({
  tenantId: ada.tenantId,
  ownerId: ada.userId,
  runId: newId('run'),
  fence: 1,
  ...fields,
});
const today = new Date().toISOString().slice(0, 10);
const ofLately = (who: AuthContext = ada) =>
  store.between(who, new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS));
const bookedOn = (runId: string, day: string) =>
  world.db.pool.query('UPDATE model_usage SET created_at = $2 WHERE run_id = $1', [runId, day]);

describe('the usage of models', () => {
  it('is summed by day, provider and model', async () => {
    await store.book(owner(), [used(), used({ model: 'other', costMicros: undefined })]);
    await store.book(owner(), [used({ estimated: true })]);
    await store.book(owner(), [used({ provider: 'anthropic' })]);
    const twice = { calls: 4, inputTokens: 200, outputTokens: 40, cachedInputTokens: 120, reasoningTokens: 10 };
    const { costMicros: _, ...free } = used({ model: 'other' });
    expect(await ofLately()).toEqual([
      { day: today, ...used({ provider: 'anthropic' }) },
      { day: today, ...used({ ...twice, costMicros: 2_468, estimated: true }) },
      { day: today, ...free },
    ]);
  });

  it('is of the UTC day on which it was booked', async () => {
    const [late, early] = [owner(), owner()];
    await store.book(late, [used()]);
    await store.book(early, [used()]);
    await bookedOn(late.runId, '2026-03-01T23:59:59.999Z');
    await bookedOn(early.runId, '2026-03-02T00:00:00.000Z');
    const days = async (from: string, until: string) =>
      (await store.between(ada, new Date(from), new Date(until))).map(({ day }) => day);
    expect(await days('2026-03-01', '2026-03-03')).toEqual(['2026-03-01', '2026-03-02']);
    expect(await days('2026-03-01', '2026-03-02')).toEqual(['2026-03-01']);
    expect(await days('2026-03-02', '2026-03-03')).toEqual(['2026-03-02']);
  });

  it('is shown to no other user and no other tenant', async () => {
    await store.book(owner(), [used()]);
    expect(await ofLately(auth('bob'))).toEqual([]);
    expect(await ofLately(auth(ada.userId, 'globex'))).toEqual([]);
    expect(await ofLately()).toHaveLength(1);
  });

  it('of one attempt is booked once, even when it is sent again', async () => {
    const run = owner();
    for (let n = 0; n < 3; n++) await store.book(run, [used()]);
    await store.book({ ...run, fence: 2 }, [used()]);
    expect((await ofLately())[0]).toMatchObject({ calls: 4, costMicros: 2_468 });
  });

  it('is increased by late calls', async () => {
    const run = owner();
    await store.add(run, [used({ costMicros: undefined })]);
    await store.add(run, [used({ estimated: true })]);
    expect((await ofLately())[0]).toMatchObject({ calls: 4, inputTokens: 200, costMicros: 1_234, estimated: true });
    await store.add(run, []);
  });

  it.each([
    ['a NUL', 'a\0b', 'ab'],
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    ['more than an index takes', LONG_NAME, LONG_NAME.slice(0, 400)],
  ])('is stored for a name with %s', async (_, model, kept) => {
    await store.book(owner(), [used({ model })]);
    expect((await ofLately())[0]).toMatchObject({ model: kept });
  });
});

describe('a run that settles', () => {
  it('books its usage at the same commit, which outlives its thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const usage = [used(), used({ model: 'other', costMicros: undefined })];
    const outcome = { state: 'completed', costMicros: 1_234, modelUsage: usage } as const;
    const rows = async () =>
      (await world.db.pool.query('SELECT * FROM model_usage WHERE run_id = $1 ORDER BY model', [held.runId])).rows;
    expect(await lifecycle.settle(held, outcome, [anAnswer(held.threadId)])).toBeDefined();
    expect(await lifecycle.settle(held, outcome, [])).toBeUndefined();
    expect(await rows()).toMatchObject([
      { fence: held.fence, tenant_id: 'acme', owner_id: 'ada', model: 'gpt', calls: 2, cost_micros: '1234' },
      { model: 'other', cost_micros: null },
    ]);
    const { rows: runs } = await world.db.pool.query('SELECT cost_micros FROM runs WHERE id = $1', [held.runId]);
    expect(runs).toEqual([{ cost_micros: '1234' }]);
    await lifecycle.deleteThread(auth(), held.threadId);
    expect(await rows()).toHaveLength(2);
  });

  it('books nothing when another worker has it by now', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await expireLease(world.db, held.runId);
    await lifecycle.claim(held, 'wrk_2');
    expect(await lifecycle.settle(held, { state: 'completed', modelUsage: [used()] }, [])).toBeUndefined();
    const { rows } = await world.db.pool.query('SELECT 1 FROM model_usage WHERE run_id = $1', [held.runId]);
    expect(rows).toEqual([]);
  });
});
