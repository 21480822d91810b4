import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { decodeGatewayError } from '#runtime';
import type { Claim } from '#runtime/worker';
import {
  finishCompletionFromStore,
  type CompletionRequest,
  isCompletionOver,
  isRunSettled,
  type Place,
} from '#runtime/api';
import { engineKinds } from '../support/engines.js';
import { anEntry, TestReader, TestSink } from './support/events.js';
import { auth, expireLease, lifecycleOf, openWorld, runRow, type TestWorld, type Lifecycle } from './support/world.js';

// The sweeper looks at every run of the database, so each test has a clean one.
const world: TestWorld = await openWorld();
beforeEach(() => world.db.pool.query('TRUNCATE runs, threads CASCADE'));
afterAll(() => world.close());

const aCall = (): CompletionRequest => ({
  runId: newId('run'),
  completion: { model: 'demo/echo', messages: [{ role: 'user', content: 'the secret question \0 \ud83c' }] },
  context: { headers: { 'x-secret': 'open sesame' } },
});

async function claimed(lifecycle: Lifecycle): Promise<Claim> {
  const call = aCall();
  const dispatch = await lifecycle.admitCompletion(auth(), call);
  const held = dispatch && (await lifecycle.claim(dispatch, 'wrk_1'));
  if (!held) throw new Error('the run could not be claimed');
  return held;
}

const rowOf = async (runId: string) => ({ ...(await runRow(world.db, runId)) }) as Record<string, unknown>;
const endOf = async (runId: string) =>
  decodeGatewayError(await finishCompletionFromStore(world.db.system, runId, false));

describe('a completion', () => {
  it('is queued without a thread, with the whole request, which is erased when it settles', async () => {
    const { lifecycle } = lifecycleOf(world);
    const call = aCall();
    const dispatch = await lifecycle.admitCompletion(auth(), call);
    expect(await rowOf(call.runId)).toMatchObject({ state: 'queued', thread_id: null, dispatch: 1 });
    const held = await lifecycle.claim(dispatch!, 'wrk_1');
    expect(held).toMatchObject({
      trigger: 'gateway.chat',
      threadId: '',
      tenantId: 'acme',
      ownerId: 'ada',
      takesTurn: false,
      request: { completion: call.completion },
    });
    expect(await lifecycle.settle(held!, { state: 'completed', usage: { inputTokens: 3 } }, [])).toBeDefined();
    const row = await rowOf(call.runId);
    expect(row).toMatchObject({ state: 'completed', request: {}, context: null, input_tokens: 3 });
    expect(JSON.stringify(row)).not.toMatch(/secret/);
  });

  it('is refused or waits by the same limits as turns', async () => {
    const limits = {
      queuedRuns: { global: 100, perTenant: null, perUser: 1 },
      activeRuns: { perTenant: null, perUser: 1 },
    };
    const { lifecycle, added } = lifecycleOf(world, {}, limits);
    const user = auth('eager');
    const [first, second, third] = [aCall(), aCall(), aCall()];
    const dispatch = await lifecycle.admitCompletion(user, first);
    const held = await lifecycle.claim(dispatch!, 'wrk_1');
    expect(await lifecycle.admitCompletion(user, second)).toBeUndefined();
    await expect(lifecycle.admitCompletion(user, third)).rejects.toMatchObject({ code: 'limit.user' });
    await expect(rowOf(third.runId)).rejects.toThrow('there is no run');
    await lifecycle.settle(held!, { state: 'completed' }, []);
    await lifecycle.releaseNext(held!);
    expect(added).toMatchObject([{ runId: second.runId }]);
  });

  it('is settled once, under its own fence', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimed(lifecycle);
    expect(await lifecycle.settle({ ...held, fence: held.fence + 1 }, { state: 'completed' }, [])).toBeUndefined();
    expect(await lifecycle.settle(held, { state: 'completed' }, [])).toBeDefined();
    expect(await lifecycle.settle(held, { state: 'failed' }, [])).toBeUndefined();
    expect(await isRunSettled(world.db.system, held.runId)).toBe(true);
  });

  it('is cancelled while it waits, and its worker is notified while it works', async () => {
    const { lifecycle, sent } = lifecycleOf(world);
    const call = aCall();
    await lifecycle.admitCompletion(auth(), call);
    expect(await lifecycle.requestStop(call.runId)).toMatchObject({ met: 'queued' });
    expect(await rowOf(call.runId)).toMatchObject({ state: 'cancelled', request: {} });
    const held = await claimed(lifecycle);
    expect(await lifecycle.requestStop(held.runId)).toEqual({ met: 'working', workerId: 'wrk_1' });
    expect(sent).toHaveLength(1);
    expect((await world.db.pool.query('SELECT 1 FROM items')).rows).toEqual([]);
  });

  it('is recovered like any run, several at a time, and fails after three attempts', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const runs = [await claimed(lifecycle), await claimed(lifecycle)];
    for (const attempt of [1, 2, 3]) {
      for (const { runId } of runs) await expireLease(world.db, runId);
      const swept = await lifecycle.sweep();
      expect(swept?.failed).toBe(attempt === 3 ? 2 : 0);
      if (attempt === 3) break;
      for (const { runId } of runs) expect(await lifecycle.claim({ runId, fence: attempt }, 'wrk_2')).toBeDefined();
    }
    expect(added).toHaveLength(4);
    expect(await endOf(runs[0]?.runId ?? '')).toMatchObject({ status: 503, code: 'interrupted' });
  });

  it('is released again although another completion waits, too: they share no thread', async () => {
    const { lifecycle } = lifecycleOf(world);
    for (const call of [aCall(), aCall()]) await lifecycle.admitCompletion(auth(), call);
    await world.db.pool.query('UPDATE runs SET dispatched_at = NULL');
    expect((await lifecycle.sweep())?.dispatches).toHaveLength(2);
  });

  it('is not over at the moment when it settles: its last entry is still to be appended to the log', async () => {
    const { lifecycle } = lifecycleOf(world);
    const held = await claimed(lifecycle);
    expect(await isCompletionOver(world.db.system, held.runId)).toBe(false);
    await lifecycle.settle(held, { state: 'completed' }, []);
    expect(await isCompletionOver(world.db.system, held.runId)).toBe(false);
    await world.db.pool.query(`UPDATE runs SET settled_at = now() - interval '7 s'`);
    expect(await isCompletionOver(world.db.system, held.runId)).toBe(true);
    expect(await isCompletionOver(world.db.system, 'run_gone')).toBe(true);
  });

  it('ends in an error when its log is lost, whatever its outcome', async () => {
    const { lifecycle } = lifecycleOf(world);
    const [done, failed, refused, stopped] = await Promise.all([1, 2, 3, 4].map(() => claimed(lifecycle)));
    await lifecycle.settle(done!, { state: 'completed' }, []);
    await lifecycle.settle(failed!, { state: 'failed', errorCode: 'provider.rate_limited' }, []);
    const userError = { type: 'error' as const, code: 'custom', message: 'Not on Sundays.', allow_retry: false };
    await lifecycle.settle(refused!, { state: 'failed', errorCode: 'run.refused', userError }, []);
    await lifecycle.settle(stopped!, { state: 'cancelled' }, []);
    expect(await endOf(done!.runId)).toMatchObject({ status: 503, code: 'answer_lost' });
    expect(await endOf(failed!.runId)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(await endOf(refused!.runId)).toMatchObject({ status: 403, message: 'Not on Sundays.' });
    expect(await endOf(stopped!.runId)).toMatchObject({ status: 499, code: 'cancelled' });
    expect(await endOf('run_gone')).toMatchObject({ status: 503 });
  });
});

describe.each(engineKinds)('a follower of a run on %s', (kind) => {
  it('receives which attempt wrote the frames', async () => {
    const engine = await world.openEngine(kind);
    const reader = await TestReader.start(engine);
    const fences: number[] = [];
    const sink = new (class extends TestSink {
      override write(data: Buffer, place?: Place): boolean {
        fences.push(place?.fence ?? 0);
        return super.write(data, place);
      }
    })();
    const runId = newId('run');
    const { follower } = await reader.follow(runId, { sink });
    const entries = [
      anEntry(runId, { fence: 1, first: 1, last: 2 }),
      anEntry(runId, { fence: 3, first: 1, last: 1, end: true }),
    ];
    for (const entry of entries) await engine.log.append([entry], [{ instance: reader.instance, entries: [entry] }]);
    await follower.done;
    expect(fences).toEqual([1, 3]);
    expect(follower.isOver).toBe(true);
    await reader.stop();
  });
});
