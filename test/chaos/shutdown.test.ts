import { afterEach, describe, expect, it } from 'vitest';
import {
  createThread,
  deltasOf,
  doneItems,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { type Relay, startRelay } from '../support/relay.js';

/** 40 tokens, one every 100 ms: shorter than the worker's grace period. */
const SHORT = 'Count (tokens=40) (delay=100)';
/** Far longer than any grace period. */
const LONG = 'Count (tokens=150) (delay=100)';

describe.each(engineKinds)('a process that is asked to stop on the %s engine', (engine) => {
  let relay: Relay;

  afterEach(() => relay.stop());

  it('a worker takes no more jobs and finishes what it has', async () => {
    relay = await startRelay(engine, { workers: 1 });
    let stopping: Promise<void> | undefined;
    const answer = await post(relay.url, createThread(SHORT), {
      onEvents: (events) => {
        if (deltasOf(events).length >= 3) stopping ??= relay.workers[0]?.stop();
      },
    });
    expect(deltasOf(answer.events)).toHaveLength(40);
    await stopping;
    const waiting = post(relay.url, createThread('Who answers? (tokens=2)'));
    await relay.startWorker();
    expect(deltasOf((await waiting).events)).toHaveLength(2);
  });

  it('a worker gives back what it cannot finish in time, and that is not counted as an attempt', async () => {
    relay = await startRelay(engine, { workers: 2 });
    let stopping: Promise<void> | undefined;
    const answer = await post(relay.url, createThread(LONG), {
      onEvents: (events) => {
        if (stopping || deltasOf(events).length < 3) return;
        stopping = relay
          .query<{ worker_id: string }>(`SELECT worker_id FROM runs WHERE state = 'working'`)
          .then(async ([run]) => {
            const holder = relay.workers.find((worker) => worker.output().includes(String(run?.worker_id)));
            return holder?.stop();
          });
      },
    });
    await stopping;
    expect(answer.complete).toBe(true);
    const [item, ...others] = doneItems(answer.events, 'assistant_message');
    expect(others).toEqual([]);
    expect(textOf(item).trim().split(' ')).toHaveLength(150);
    const [run] = await relay.query(`SELECT state, attempt, fence > 2 AS fenced FROM runs`);
    expect(run).toEqual({ state: 'completed', attempt: 1, fenced: true });
  }, 90_000);

  it('an API ends its streams after a while, and their runs go on', async () => {
    relay = await startRelay(engine, { apis: 2, workers: 1 });
    let stopping: Promise<void> | undefined;
    const answer = await post(relay.url, createThread(LONG.replace('150', '80')), {
      onEvents: (events) => {
        if (deltasOf(events).length >= 3) stopping ??= relay.apis[0]?.stop();
      },
    });
    await stopping;
    expect(deltasOf(answer.events).length).toBeLessThan(80);
    const other = String(relay.apis[1]?.ready['url']);
    const item = await until('the answer is stored', 15_000, async () => {
      const page = await postJson<{ data: WireItem[] }>(other, listItems(threadIdOf(answer)));
      return page.data.find((one) => one.type === 'assistant_message');
    });
    expect(textOf(item).trim().split(' ')).toHaveLength(80);
  }, 60_000);

  it('everything ends when whoever started it is gone', async () => {
    relay = await startRelay(engine);
    for (const { child } of [...relay.apis, ...relay.workers]) child.disconnect();
    await until('all processes end', 15_000, async () =>
      [...relay.apis, ...relay.workers].every(({ child }) => child.exitCode !== null),
    );
    for (const { child } of [...relay.apis, ...relay.workers]) expect(child.exitCode).toBe(0);
  });
});
