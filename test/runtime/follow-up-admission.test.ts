import { beforeAll, describe, expect, it } from 'vitest';
import { newId, type ThreadItem } from '#chatkit';
import { type AppError, PrismaThreadStore } from '#runtime';
import { type Claim, loadHistory, stopMarker } from '#runtime/worker';
import type { TurnRequest } from '#runtime/api';
import { anAnswer, aTurn, auth, claimedTurn, itemsOf, lifecycleOf, useWorld } from './support/world.js';

const world = useWorld();
let store: PrismaThreadStore;
beforeAll(() => {
  store = new PrismaThreadStore(world.db);
});

const fields = (threadId: string) => ({ runId: newId('run'), threadId, assistantId: 'default', context: {} });
const aRetry = (threadId: string, itemId = '', afterRun?: string): TurnRequest => ({
  ...fields(threadId),
  trigger: 'threads.retry_after_item',
  itemId,
  afterRun,
});
const anOutput = (threadId: string, result: unknown = 1): TurnRequest => ({
  ...fields(threadId),
  trigger: 'threads.add_client_tool_output',
  result,
});
const anAction = (threadId: string, itemId?: string): TurnRequest => ({
  ...fields(threadId),
  trigger: 'threads.custom_action',
  itemId,
  action: { type: 'buy', payload: null },
});
const aCall = (threadId: string): ThreadItem => ({
  type: 'client_tool_call',
  id: newId('tool_call'),
  thread_id: threadId,
  created_at: new Date().toISOString(),
  status: 'pending',
  call_id: 'call_1',
  name: 'locate',
  arguments: {},
});

type Lifecycle = ReturnType<typeof lifecycleOf>['lifecycle'];

async function claimed(lifecycle: Lifecycle, turn: TurnRequest): Promise<Claim> {
  await lifecycle.admit(auth(), turn);
  const claim = await lifecycle.claim({ runId: turn.runId, fence: 0 }, 'wrk_1');
  if (!claim) throw new Error('the run could not be claimed');
  return claim;
}

/** A message and its answer; the turn has ended. */
async function aFinishedTurn(lifecycle: Lifecycle, turn = {}): Promise<{ held: Claim; answer: ThreadItem }> {
  const held = await claimedTurn(lifecycle, turn);
  const answer = anAnswer(held.threadId);
  await lifecycle.settle(held, { state: 'completed' }, [answer]);
  return { held, answer };
}

const promptOf = async (held: Claim): Promise<string[]> =>
  (await loadHistory(world.db.pool, held, 50)).map(({ id }) => id);
const idsOf = async (threadId: string): Promise<string[]> => (await itemsOf(world.db, threadId)).map(({ id }) => id);

describe('a retry', () => {
  it('sees everything up to its message, and its output comes after that', async () => {
    const { lifecycle } = lifecycleOf(world);
    const first = await aFinishedTurn(lifecycle);
    const { threadId } = first.held;
    const second = await aFinishedTurn(lifecycle, { threadId, request: { model: 'a/b', toolChoice: 'search' } });
    await aFinishedTurn(lifecycle, { threadId });
    const message = second.held.triggerItemId ?? '';
    const held = await claimed(lifecycle, aRetry(threadId, message));
    const kept = [first.held.triggerItemId, first.answer.id, message];
    expect(await promptOf(held)).toEqual(kept);
    // What the user writes during the retry is not part of it, and comes after it for the next turn.
    const later = aTurn({ threadId });
    await lifecycle.admit(auth(), later);
    const answer = anAnswer(threadId);
    expect(await lifecycle.storeItem(held, answer)).toBeDefined();
    expect(await promptOf(held)).toEqual([...kept, answer.id]);
    await lifecycle.settle(held, { state: 'completed' }, []);
    const next = await lifecycle.claim({ runId: later.runId, fence: 0 }, 'wrk_1');
    expect(next && (await promptOf(next))).toEqual([...kept, answer.id, later.userItem.id]);
    expect(held).toMatchObject({ trigger: 'threads.retry_after_item', triggerItemId: message, takesTurn: true });
  });

  it('takes the options of its message, not those of the request before', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = aTurn();
    const userItem = { ...turn.userItem, inference_options: { model: 'a/b', tool_choice: { id: 'search' } } };
    const { held } = await aFinishedTurn(lifecycle, { ...turn, userItem });
    const again = await claimed(lifecycle, aRetry(held.threadId, userItem.id));
    expect(again.request).toEqual({ model: 'a/b', toolChoice: 'search' });
  });

  it('right after a stop waits for the output of the stopped turn, and deletes it (CX-8, CX-4)', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimedTurn(lifecycle);
    await lifecycle.requestStop(held.runId);
    const admitting = lifecycle.admit(auth(), aRetry(held.threadId, held.triggerItemId));
    await world.db.pool.query('SELECT pg_sleep(0.1)');
    await lifecycle.settle(held, { state: 'cancelled' }, [anAnswer(held.threadId), stopMarker(held.threadId)]);
    expect(await admitting).toMatchObject({ dispatch: { fence: 0 } });
    expect(await idsOf(held.threadId)).toEqual([held.triggerItemId]);
  });

  it('of ten at once is one turn', async () => {
    const { lifecycle } = lifecycleOf(world);
    const { held } = await aFinishedTurn(lifecycle);
    const retries = Array.from({ length: 10 }, () =>
      lifecycle.admit(auth(), aRetry(held.threadId, held.triggerItemId)),
    );
    const results = await Promise.allSettled(retries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as AppError);
    expect(refusals.map(({ code }) => code)).toEqual(Array(9).fill('turn.open'));
  });

  it('of a run deletes its answer, and nothing once another turn has followed it', async () => {
    const { lifecycle } = lifecycleOf(world);
    const { held: first } = await aFinishedTurn(lifecycle);
    const { threadId } = first;
    const { held: second } = await aFinishedTurn(lifecycle, { threadId });
    const [one, two] = [first, second].map(({ triggerItemId, runId }) => aRetry(threadId, triggerItemId, runId));
    const before = await idsOf(threadId);
    await expect(lifecycle.admit(auth(), one as TurnRequest)).rejects.toMatchObject({ code: 'run.not_retryable' });
    expect(await idsOf(threadId)).toEqual(before);
    await lifecycle.admit(auth(), two as TurnRequest);
    expect(await idsOf(threadId)).toEqual(before.slice(0, -1));
  });
});

describe('a tool output', () => {
  it('continues with the model of the turn that made the tool call, and without its tool choice', async () => {
    const { lifecycle } = lifecycleOf(world);
    const asked = await claimedTurn(lifecycle, { request: { model: 'a/b', toolChoice: 'locate' } });
    const call = aCall(asked.threadId);
    await lifecycle.settle(asked, { state: 'completed' }, [call]);
    const held = await claimed(lifecycle, anOutput(asked.threadId));
    expect(held).toMatchObject({ triggerItemId: call.id, request: { model: 'a/b' } });
    expect(held.request.toolChoice).toBeUndefined();
    expect(await promptOf(held)).toEqual([asked.triggerItemId, call.id]);
    const answer = anAnswer(asked.threadId);
    await lifecycle.settle(held, { state: 'completed' }, [answer]);
    expect(await idsOf(asked.threadId)).toEqual([asked.triggerItemId, call.id, answer.id]);
  });

  it('may arrive before the end of the turn that made the tool call', async () => {
    const { lifecycle } = lifecycleOf(world);
    const asked = await claimedTurn(lifecycle);
    await lifecycle.storeItem(asked, aCall(asked.threadId));
    const admitting = lifecycle.admit(auth(), anOutput(asked.threadId));
    await world.db.pool.query('SELECT pg_sleep(0.1)');
    await lifecycle.settle(asked, { state: 'completed' }, []);
    expect(await admitting).toMatchObject({ dispatch: { fence: 0 } });
  });

  it('clears abandoned calls among the newest twenty items, and no older ones (TC-8)', async () => {
    const { lifecycle } = lifecycleOf(world);
    const { held } = await aFinishedTurn(lifecycle);
    const { threadId } = held;
    const [old, recent, call] = [aCall(threadId), aCall(threadId), aCall(threadId)];
    await store.addItem(auth(), old);
    for (let n = 0; n < 18; n++) await store.addItem(auth(), n === 9 ? recent : anAnswer(threadId));
    await store.addItem(auth(), anAnswer(threadId));
    await store.addItem(auth(), call);
    await lifecycle.admit(auth(), anOutput(threadId));
    const ids = await idsOf(threadId);
    expect([old, recent, call].map(({ id }) => ids.includes(id))).toEqual([true, false, true]);
  });

  it('does not look at calls before the latest user message (TC-6)', async () => {
    const { lifecycle } = lifecycleOf(world);
    const asked = await claimedTurn(lifecycle);
    await lifecycle.settle(asked, { state: 'completed' }, [aCall(asked.threadId)]);
    await aFinishedTurn(lifecycle, { threadId: asked.threadId });
    await expect(lifecycle.admit(auth(), anOutput(asked.threadId))).rejects.toMatchObject({
      code: 'tool_call.not_pending',
    });
  });
});

describe('an action', () => {
  it('works beside the open turn; each keeps to its own place', async () => {
    const { lifecycle } = lifecycleOf(world);
    const turn = await claimedTurn(lifecycle);
    const action = await claimed(lifecycle, anAction(turn.threadId));
    expect(action).toMatchObject({ takesTurn: false, triggerItemId: undefined });
    const [made, answer] = [anAnswer(turn.threadId, 'bought'), anAnswer(turn.threadId)];
    await lifecycle.storeItem(action, made);
    await lifecycle.settle(turn, { state: 'completed' }, [answer]);
    await lifecycle.settle(action, { state: 'completed' }, []);
    const next = await claimedTurn(lifecycle, { threadId: turn.threadId });
    expect(await promptOf(next)).toEqual([turn.triggerItemId, answer.id, made.id, next.triggerItemId]);
  });

  it('does not delay the next message', async () => {
    const { lifecycle } = lifecycleOf(world);
    const { held } = await aFinishedTurn(lifecycle);
    await claimed(lifecycle, anAction(held.threadId));
    expect((await lifecycle.admit(auth(), aTurn({ threadId: held.threadId }))).dispatch).toBeDefined();
  });
});
