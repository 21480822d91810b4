import { Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#runtime';
import { JOB_OPTIONS } from '../../libs/runtime/src/jobs/job-options.js';
import { queueOptions } from '../../libs/runtime/src/nest/queue-connection.js';
import { RUN_QUEUE } from '../../libs/runtime/src/jobs/run-queue.js';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { storesOf } from '../support/stores.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import { wishText } from './support/numbered-provider.js';
import { audit, flawless, sendTurn } from './support/turns.js';

const CONCURRENCY = 2;
/** Longer than any test: its sender closes it. */
const ENDLESS = { tokens: 10_000, delay: 50 };
const LONG = { tokens: 60, delay: 50 };
const SHORT = { tokens: 5, delay: 10 };
/** Longer than a job may be unclaimed before it is looked for. */
const AGE = `interval '11 s'`;

describe.each(engineKinds)('the queue and what is to be done, on the %s engine', (engine) => {
  let queue: Queue;
  const open: (() => void)[] = [];

  const fleet = useFleet(engine, { apis: 1, workers: 1, variables: { WORKER_CONCURRENCY: String(CONCURRENCY) } });

  beforeAll(async () => {
    const stores = storesOf(fleet.variables);
    const db = new Database(stores.databaseUrl, { maxConnections: 1, name: 'lost jobs' });
    queue = new Queue(RUN_QUEUE, {
      ...(await queueOptions(stores, db.system)),
      defaultJobOptions: JOB_OPTIONS,
    });
    await db.close();
  });
  afterAll(async () => {
    for (const close of open) close();
    await queue?.close();
  });

  const runOf = async (id: string) => {
    const [run] = await fleet.query<{ id: string; state: string; fence: number; dispatch: number; attempt: number }>(
      `SELECT runs.id, runs.state, runs.fence, runs.dispatch, runs.attempt FROM runs
       JOIN items ON items.run_id = runs.id AND items.type = 'user_message' WHERE items.payload::text LIKE $1`,
      [`%#${id} %`],
    );
    return run;
  };
  /** Takes one of the worker's places until it is closed. */
  async function busy(id: string): Promise<() => void> {
    let close: (() => void) | undefined;
    void post(fleet.url(), createThread(wishText({ ...ENDLESS, id })), {
      onEvents: (events, request) => {
        if (close || deltasOf(events).length === 0) return;
        close = () => void request.destroy();
        open.push(close);
      },
    });
    return until(`${id} is worked at`, 30_000, async () => close);
  }

  const isWorking = (id: string) =>
    until(`${id} is worked at`, 30_000, async () => fleet.provider.calls.some((call) => call.id === id));
  const isQueued = (id: string) =>
    until(`${id} waits for a worker`, 30_000, async () => {
      const run = await runOf(id);
      return run?.state === 'queued' && (await queue.getJobState(`${run.id}-${run.dispatch}`)) === 'waiting' && run;
    });

  /** Adds jobs for a run beside its own. */
  const more = async (id: string, when: string): Promise<void> => {
    const run = await runOf(id);
    for (const fence of [0, 1]) {
      await queue.add(RUN_QUEUE, { runId: run?.id, fence }, { jobId: `${run?.id}-${when}-${fence}` });
    }
  };

  it('a job that is lost is added again, one that is still there is not', async () => {
    const places = [await busy('busy-1'), await busy('busy-2')];
    const lost = sendTurn(fleet, { ...SHORT, id: 'lost' });
    await isQueued('lost');
    await queue.obliterate({ force: true });
    const lostAt = performance.now();
    const kept = sendTurn(fleet, { ...SHORT, id: 'kept' });
    const { id: keptRun } = await isQueued('kept');
    // As if both had waited for so long.
    await fleet.query(`UPDATE runs SET dispatched_at = dispatched_at - ${AGE} WHERE state = 'queued'`);
    const again = await until('the lost one has another job', 30_000, async () => {
      const run = await runOf('lost');
      return run?.dispatch === 2 && run;
    });
    const foundMs = performance.now() - lostAt;
    for (const close of places) close();
    const turns = await Promise.all([lost, kept]);
    const result = await audit(fleet, turns);
    tell(`job lost (${engine})`, { ...result, 'added again after': `${Math.round(foundMs)} ms` });
    expect(result).toEqual(flawless(2));
    expect(turns.every(({ answer }) => answer?.complete)).toBe(true);
    expect(again.attempt).toBeLessThanOrEqual(1);
    expect(await runOf('kept')).toMatchObject({ id: keptRun, dispatch: 1, attempt: 1 });
    expect(fleet.provider.calls.map(({ id }) => id).toSorted()).toEqual(['busy-1', 'busy-2', 'kept', 'lost']);
  }, 120_000);

  it('more than one job for a run does nothing, whenever it is taken', async () => {
    const place = await busy('busy-3');
    const first = sendTurn(fleet, { ...LONG, id: 'twice' });
    await isWorking('twice');
    const second = sendTurn(fleet, { ...SHORT, id: 'waits' });
    await isQueued('waits');
    await more('waits', 'queued');
    await more('twice', 'working');
    // One place is free in the middle of the long turn: what is in the queue is taken now.
    place();
    const turns = [await second, await first];
    await more('twice', 'settled');
    await until('the queue is empty', 30_000, async () => (await queue.getJobCountByTypes('waiting', 'active')) === 0);
    expect(await audit(fleet, turns)).toEqual(flawless(2));
    expect(fleet.provider.calls.filter(({ id }) => ['twice', 'waits'].includes(id))).toHaveLength(2);
    for (const id of ['twice', 'waits']) expect(await runOf(id)).toMatchObject({ attempt: 1, fence: 1 });
  }, 120_000);
});
