import { beforeEach, expect, it } from 'vitest';
import { countingBacklog } from '../../libs/runtime/src/monitoring/backlog.js';
import { duringSuite } from '../support/during-suite.js';
import { engineKinds } from '../support/engines.js';
import { auth, aTurn, expireLease, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();
const engine = duringSuite(
  () => world.openEngine(engineKinds[0] ?? 'postgres'),
  () => undefined,
);
beforeEach(async () => {
  await world.db.pool.query('DELETE FROM runs');
  await engine.cache.clear();
});

/** As a process that has just started. */
const count = () => countingBacklog(world.db.system, engine.cache)();

it('counts the open runs of all owners by what they wait for, once for all processes', async () => {
  expect(await count()).toEqual({ ready: 0, waiting: 0, working: 0, overdue: 0, oldestReadySeconds: 0 });
  const { lifecycle } = lifecycleOf(world);
  const admit = async (user: string, threadId?: string) =>
    lifecycle.admit(auth(user), aTurn(threadId === undefined ? {} : { threadId }));
  const [taken] = [await admit('ada'), await admit('grace'), await admit('edsger')];
  // Waits for its thread.
  const { rows } = await world.db.pool.query<{ thread_id: string }>('SELECT thread_id FROM runs WHERE id = $1', [
    taken.dispatch?.runId,
  ]);
  await admit('ada', rows[0]?.thread_id);
  await lifecycle.claim({ runId: String(taken.dispatch?.runId), fence: 0 }, 'worker');
  await world.db.pool.query(`UPDATE runs SET dispatched_at = now() - interval '90 s' WHERE owner_id = 'grace'`);
  await expireLease(world.db, String(taken.dispatch?.runId));

  // Another process has counted a moment ago.
  expect(await count()).toMatchObject({ ready: 0, working: 0 });
  await engine.cache.clear();
  const counted = await count();
  expect(counted).toMatchObject({ ready: 2, waiting: 1, working: 1, overdue: 1 });
  expect(Math.round(counted.oldestReadySeconds)).toBe(90);
});

it('counts for itself where the cache is away, and fails with Postgres', async () => {
  const away = { get: () => Promise.reject(new Error('away')), set: () => Promise.reject(new Error('away')) };
  await lifecycleOf(world).lifecycle.admit(auth('ada'), aTurn());
  expect(await countingBacklog(world.db.system, away)()).toMatchObject({ ready: 1 });
  const db = { query: () => Promise.reject(new Error('no Postgres')) } as unknown as typeof world.db.system;
  await expect(countingBacklog(db, engine.cache)()).rejects.toThrow('no Postgres');
});
