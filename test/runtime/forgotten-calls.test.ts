import { expect, it, vi } from 'vitest';
import { newId } from '#chatkit';
import { CallStore } from '#runtime';
import { auth, useWorld } from './support/world.js';

const world = useWorld();

const rowOf = async (callId: string): Promise<unknown> =>
  (await world.db.pool.query('SELECT state, asked_by, payload FROM calls WHERE id = $1', [callId])).rows[0];

const lockWaiters = async (): Promise<number> => {
  const { rows } = await world.db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
};

it.each([
  ['taken', 'asked', 'working', { state: 'working', asked_by: '', payload: null }],
  ['answered', 'working', 'answered', undefined],
])('a call that is %s while its caller gives up is forgotten', async (_, before, after, left) => {
  const store = new CallStore(world.openDatabase());
  const callId = newId('run');
  const payload = { threadId: 'thr_1', itemIds: ['msg_1'], kind: 'positive' };
  await store.ask(auth(), { callId, kind: 'feedback', assistantId: 'a', payload, context: {}, askedBy: 'api_1' });
  await world.db.pool.query('UPDATE calls SET state = $2 WHERE id = $1', [callId, before]);
  const worker = await world.db.pool.connect();
  try {
    await worker.query('BEGIN');
    await worker.query('UPDATE calls SET state = $2 WHERE id = $1', [callId, after]);
    const forgotten = store.forget(auth(), callId);
    await vi.waitFor(async () => expect(await lockWaiters()).toBe(1), { timeout: 5_000 });
    await worker.query('COMMIT');
    await forgotten;
  } finally {
    worker.release();
  }
  expect(await rowOf(callId)).toEqual(left);
});
