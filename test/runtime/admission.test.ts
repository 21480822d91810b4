import { beforeAll, describe, expect, it } from 'vitest';
import { type Attachment, newId } from '#chatkit';
import { aUserMessage } from '#chatkit/testing';
import { type AuthContext, PrismaThreadStore } from '#runtime';
import { type Claim, loadHistory, stopMarker } from '#runtime/worker';
import type { MessageTurn } from '#runtime/api';
import { anAnswer, aTurn, auth, claimedTurn, itemsOf, lifecycleOf, runRow, useWorld } from './support/world.js';

const world = useWorld();
let store: PrismaThreadStore;
beforeAll(() => {
  store = new PrismaThreadStore(world.db);
});

async function rowCounts(): Promise<unknown> {
  const { rows } = await world.db.pool.query(
    `SELECT (SELECT count(*) FROM threads) AS threads, (SELECT count(*) FROM items) AS items,
            (SELECT count(*) FROM runs) AS runs, (SELECT max(last_position) FROM threads) AS positions`,
  );
  return rows;
}

const aFile = (): Attachment => ({ type: 'file', id: newId('attachment'), name: 'a', mime_type: 'text/plain' });

const withFile = (turn: MessageTurn, attachment: Attachment): MessageTurn => ({
  ...turn,
  userItem: { ...turn.userItem, attachments: [attachment] },
});

describe('admission', () => {
  it('of twenty at once lets one turn of the thread work, and the others after it in order', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const threadId = newId('thread');
    const owner = { tenantId: 'acme', ownerId: 'ada' };
    await lifecycle.admit(auth(), aTurn({ threadId, trigger: 'threads.create' }));
    const turns = Array.from({ length: 20 }, (_, n) => aTurn({ threadId, text: String(n) }));
    const dispatched = await Promise.all(turns.map((turn) => lifecycle.admit(auth(), turn)));
    expect(dispatched.filter(({ dispatch }) => dispatch)).toEqual([]);
    const { rows } = await world.db.pool.query<{ id: string }>(
      'SELECT id FROM runs WHERE thread_id = $1 ORDER BY trigger_position',
      [threadId],
    );
    const worked: string[] = [];
    for (let job: { runId: string; fence: number } | undefined = { runId: rows[0]?.id ?? '', fence: 0 }; job;) {
      const held: Claim | undefined = await lifecycle.claim(job, 'wrk_1');
      if (!held) throw new Error(`${job.runId} could not be claimed`);
      worked.push(held.runId);
      // However often and concurrently runs are released while the turn works: no other run of the thread starts.
      await Promise.all([lifecycle.releaseNext(owner), lifecycle.sweep()]);
      const others = turns.filter(({ runId }) => !worked.includes(runId)).slice(0, 3);
      const beside = await Promise.all(others.map(({ runId }) => lifecycle.claim({ runId, fence: 0 }, 'wrk_2')));
      expect(beside.filter(Boolean)).toEqual([]);
      expect(added.filter(({ runId }) => !worked.includes(runId))).toEqual([]);
      await lifecycle.settle(held, { state: 'completed' }, []);
      added.length = 0;
      await Promise.all(Array.from({ length: 4 }, () => lifecycle.releaseNext(owner)));
      expect(added.length).toBeLessThanOrEqual(1);
      job = added[0];
    }
    expect(worked).toEqual(rows.map(({ id }) => id));
  });

  it('orders waiting turns by their place in the thread, whichever transaction began first', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const [second, third] = [aTurn({ threadId: held.threadId }), aTurn({ threadId: held.threadId })];
    await lifecycle.admit(auth(), second);
    await lifecycle.admit(auth(), third);
    // The third transaction began first and got the thread's lock last.
    await world.db.pool.query(`UPDATE runs SET created_at = now() - interval '1 s' WHERE id = $1`, [third.runId]);
    await lifecycle.settle(held, { state: 'completed' }, []);
    await lifecycle.releaseNext(held);
    expect(added.map(({ runId }) => runId)).toEqual([second.runId]);
  });

  it('releases nothing after a run that another transaction is releasing', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const [second, third] = [aTurn({ threadId: held.threadId }), aTurn({ threadId: held.threadId })];
    await lifecycle.admit(auth(), second);
    await lifecycle.admit(auth(), third);
    await lifecycle.settle(held, { state: 'completed' }, []);
    const other = await world.db.pool.connect();
    await other.query('BEGIN');
    await other.query('UPDATE runs SET dispatched_at = now(), dispatch = 1 WHERE id = $1', [second.runId]);
    const releasing = lifecycle.releaseNext(held);
    await expect.poll(() => lockWaiters()).toBe(1);
    await other.query('COMMIT');
    other.release();
    await releasing;
    expect(added).toEqual([]);
    expect(await runRow(world.db, third.runId)).toMatchObject({ dispatched_at: null });
  });

  it('returns a turn to waiting when its thread is taken after all', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const second = aTurn({ threadId: held.threadId });
    await lifecycle.admit(auth(), second);
    await world.db.pool.query('UPDATE runs SET dispatched_at = now(), dispatch = 1 WHERE id = $1', [second.runId]);
    expect(await lifecycle.claim({ runId: second.runId, fence: 0 }, 'wrk_2')).toBeUndefined();
    expect(await runRow(world.db, second.runId)).toMatchObject({ state: 'queued', attempt: 0, dispatched_at: null });
    await lifecycle.settle(held, { state: 'completed' }, []);
    await lifecycle.releaseNext(held);
    expect(added).toEqual([{ runId: second.runId, fence: 0, dispatch: 2 }]);
  });

  it('leaves no rows for a thread or an attachment that is not the caller’s', async () => {
    const { lifecycle } = lifecycleOf(world);
    const mine = aTurn();
    await lifecycle.admit(auth(), mine);
    const foreign = aFile();
    await store.saveAttachment(auth('bob'), { attachment: foreign, metadata: {} });
    const before = await rowCounts();
    const refusals: [AuthContext, MessageTurn, string][] = [
      [auth(), aTurn({ threadId: 'thr_none' }), 'thread.not_found'],
      [auth('bob'), aTurn({ threadId: mine.threadId }), 'thread.not_found'],
      [auth('ada', 'globex'), aTurn({ threadId: mine.threadId }), 'thread.not_found'],
      [auth(), withFile(aTurn(), aFile()), 'attachment.not_found'],
      [auth(), withFile(aTurn({ threadId: mine.threadId }), aFile()), 'attachment.not_found'],
      [auth(), withFile(aTurn(), foreign), 'attachment.not_found'],
      [auth(), withFile(aTurn({ threadId: mine.threadId }), foreign), 'attachment.not_found'],
    ];
    for (const [caller, turn, code] of refusals) {
      await expect(lifecycle.admit(caller, turn)).rejects.toMatchObject({ code });
    }
    expect(await rowCounts()).toEqual(before);
    expect((await store.loadAttachment(auth('bob'), foreign.id)).attachment.thread_id).toBeUndefined();
  });

  it('gives the attachments to the thread, in the order of the message', async () => {
    const { lifecycle } = lifecycleOf(world);
    const files = [aFile(), aFile()];
    for (const attachment of files) await store.saveAttachment(auth(), { attachment, metadata: {} });
    const turn = aTurn();
    const userItem = aUserMessage({ ...turn.userItem, attachments: files });
    const { userItem: admitted } = await lifecycle.admit(auth(), { ...turn, userItem });
    const linked = files.map((attachment) => ({ ...attachment, thread_id: turn.threadId }));
    expect(await store.loadItem(auth(), turn.threadId, userItem.id)).toEqual(admitted);
    expect(admitted).toMatchObject({ id: userItem.id, attachments: linked });
    expect((await store.loadAttachment(auth(), files[0]?.id ?? '')).attachment).toEqual(linked[0]);
  });

  it('places a message after the output of a stopped turn, and does not wait for it for ever', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await lifecycle.requestStop(held.runId);
    const next = aTurn({ threadId: held.threadId });
    const admitting = lifecycle.admit(auth(), next);
    const early = await Promise.race([admitting.then(() => 'admitted'), roundTrips(3)]);
    expect(early).toBe('still waiting');
    await lifecycle.settle(held, { state: 'cancelled' }, [anAnswer(held.threadId, 'par'), stopMarker(held.threadId)]);
    await admitting;
    expect((await itemsOf(world.db, held.threadId)).map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'sdk_hidden_context',
      'user_message',
    ]);
    const stuck = await lifecycle.claim({ runId: next.runId, fence: 0 }, 'wrk_1');
    await lifecycle.requestStop(stuck?.runId ?? '');
    const began = performance.now();
    await lifecycle.admit(auth(), aTurn({ threadId: held.threadId }));
    expect(performance.now() - began).toBeGreaterThan(1_900);
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

describe('a prompt', () => {
  it('ends at its own turn: later messages are not in it', async () => {
    const { lifecycle } = lifecycleOf(world);
    const first = await claimedTurn(lifecycle, { text: 'first' });
    const second = aTurn({ threadId: first.threadId, text: 'second' });
    await lifecycle.admit(auth(), second);
    expect(await promptOf(first)).toEqual([first.triggerItemId]);
    const answer = anAnswer(first.threadId, 'finished after the second message');
    await lifecycle.settle(first, { state: 'completed' }, [answer]);
    const held = await lifecycle.claim({ runId: second.runId, fence: 0 }, 'wrk_1');
    if (!held) throw new Error('the second turn could not be claimed');
    expect(await promptOf(held)).toEqual([first.triggerItemId, answer.id, second.userItem.id]);
    expect((await itemsOf(world.db, first.threadId)).map(({ id }) => id)).toEqual([
      first.triggerItemId,
      second.userItem.id,
      answer.id,
    ]);
  });

  it('holds the turn that is being answered whole, whatever the limit, and none of another thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    const ids = [held.triggerItemId];
    for (let n = 0; n < 4; n++) {
      const item = anAnswer(held.threadId, String(n));
      await lifecycle.storeItem(held, item);
      ids.push(item.id);
    }
    expect(await promptOf(held, 3)).toEqual(ids);
    expect(await promptOf({ ...held, ownerId: 'bob' })).toEqual([]);
  });
});

async function promptOf(held: Claim, limit = 20): Promise<string[]> {
  return (await loadHistory(world.db.pool, held, limit)).map(({ id }) => id);
}

async function lockWaiters(): Promise<number> {
  const { rows } = await world.db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  return rows[0]?.n ?? 0;
}

/** Some round trips: enough time for work that does not wait. */
async function roundTrips(rounds: number): Promise<string> {
  for (let n = 0; n < rounds; n++) await world.db.pool.query('SELECT pg_sleep(0.05)');
  return 'still waiting';
}
