import { describe, expect } from 'vitest';
import { it } from '../support/own.js';
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
import { startRelay } from '../support/relay.js';

/** Shorter than the worker's usual grace period. */
const SHORT = 'Count (tokens=15) (delay=100)';
/** Far longer than the grace period of a process that has this environment. */
const LONG = 'Count (tokens=40) (delay=100)';
const SHORT_GRACE = { SHUTDOWN_GRACE_SECONDS: '2' };

describe.each(engineKinds)('a process that is asked to stop on the %s engine', (engine) => {
  it('a worker takes no more jobs and finishes what it has', async ({ own }) => {
    const relay = own(await startRelay(engine, { workers: 1 }));
    let stopping: Promise<void> | undefined;
    const answer = await post(relay.url, createThread(SHORT), {
      onEvents: (events) => {
        if (deltasOf(events).length >= 3) stopping ??= relay.workers[0]?.stop();
      },
    });
    expect(deltasOf(answer.events)).toHaveLength(15);
    await stopping;
    const waiting = post(relay.url, createThread('Who answers? (tokens=2)'));
    await relay.startWorker();
    expect(deltasOf((await waiting).events)).toHaveLength(2);
  });

  it('a worker gives back what it cannot finish in time, and that is not counted as an attempt', async ({ own }) => {
    const relay = own(await startRelay(engine, { workers: 1, variables: SHORT_GRACE }));
    let replacing: Promise<void> | undefined;
    // Nobody else waits for jobs meanwhile: what is given back is offered to the one that is stopping first.
    const replace = async (): Promise<void> => {
      await relay.workers[0]?.stop();
      await relay.startWorker();
    };
    const answer = await post(relay.url, createThread(LONG), {
      onEvents: (events) => {
        if (deltasOf(events).length >= 3) replacing ??= replace();
      },
    });
    await replacing;
    expect(answer.complete).toBe(true);
    const [item, ...others] = doneItems(answer.events, 'assistant_message');
    expect(others).toEqual([]);
    expect(textOf(item).trim().split(' ')).toHaveLength(40);
    const [run] = await relay.query(`SELECT state, attempt, fence > 2 AS fenced FROM runs`);
    expect(run).toEqual({ state: 'completed', attempt: 1, fenced: true });
  }, 90_000);

  it('an API breaks its streams off after a while, and their runs go on (TR-5)', async ({ own }) => {
    const relay = own(await startRelay(engine, { apis: 2, workers: 1, variables: SHORT_GRACE }));
    let stopping: Promise<void> | undefined;
    const answer = await post(relay.url, createThread(LONG), {
      onEvents: (events) => {
        if (deltasOf(events).length >= 3) stopping ??= relay.apis[0]?.stop();
      },
    });
    await stopping;
    expect(deltasOf(answer.events).length).toBeLessThan(40);
    expect(answer.complete).toBe(false);
    const other = String(relay.apis[1]?.ready['url']);
    const item = await until('the answer is stored', 15_000, async () => {
      const page = await postJson<{ data: WireItem[] }>(other, listItems(threadIdOf(answer)));
      return page.data.find((one) => one.type === 'assistant_message');
    });
    expect(textOf(item).trim().split(' ')).toHaveLength(40);
  }, 60_000);

  it('everything ends when whoever started it is gone', async ({ own }) => {
    const relay = own(await startRelay(engine));
    for (const { child } of [...relay.apis, ...relay.workers]) child.disconnect();
    await until('all processes end', 15_000, async () =>
      [...relay.apis, ...relay.workers].every(({ child }) => child.exitCode !== null),
    );
    for (const { child } of [...relay.apis, ...relay.workers]) expect(child.exitCode).toBe(0);
  });
});
