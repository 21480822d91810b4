import { describe, expect, it } from 'vitest';
import type { WorkerSettings } from '../worker-settings.js';
import { AttachmentBudget } from './attachment-budget.js';

/** Of which a quarter is for looking at files, and 100 for the rest. */
const BYTES = 134;
const MOST = 100;

const settled = () => new Promise((resolve) => setImmediate(resolve));
const running = () => new AbortController().signal;

function budgetOf({ distinguishesUsers = false } = {}) {
  const budget = new AttachmentBudget({ attachmentBytes: BYTES, distinguishesUsers } as WorkerSettings);
  return { budget, run: (owner: string, signal = running()) => budget.forRun(owner, signal) };
}

describe('what a run holds until it is over', () => {
  it('keeps others waiting, and is given back with the run', async () => {
    const { budget, run } = budgetOf();
    const one = run('a');
    await one.hold(60);
    let isIn = false;
    void run('b')
      .hold(60)
      .then(() => (isIn = true));
    await settled();
    expect([isIn, budget.use]).toEqual([false, { held: 60, most: BYTES, waiting: 1 }]);
    one.release();
    await settled();
    expect([isIn, budget.use]).toEqual([true, { held: 60, most: BYTES, waiting: 0 }]);
  });

  it('does not end in runs that wait for each other: one of them goes beyond the bound', async () => {
    const { budget, run } = budgetOf();
    const [one, other] = [run('a'), run('b')];
    await Promise.all([one.hold(50), other.hold(50)]);
    const order: string[] = [];
    void one.hold(50).then(() => order.push('a'));
    await settled();
    expect(order).toEqual([]);
    void other.hold(50).then(() => order.push('b'));
    await settled();
    expect([order, budget.use.held]).toEqual([['a'], 150]);
    one.release();
    await settled();
    expect([order, budget.use.held]).toEqual([['a', 'b'], 100]);
    other.release();
    expect(budget.use.held).toBe(0);
  });

  it('nor do runs whose model calls wait for what each other’s code has read', async () => {
    const { budget, run } = budgetOf();
    const [one, other] = [run('a'), run('b')];
    await Promise.all([one.hold(50), other.hold(50)]);
    const sent = [one.toSend(50), other.toSend(50)];
    const release = await sent[0];
    expect(budget.use).toEqual({ held: 150, most: BYTES, waiting: 1 });
    release?.();
    one.release();
    (await sent[1])?.();
    other.release();
    expect(budget.use).toEqual({ held: 0, most: BYTES, waiting: 0 });
  });

  it('does not wait for itself', async () => {
    const { budget, run } = budgetOf();
    const one = run('a');
    await one.hold(80);
    await one.hold(80);
    one.release();
    expect(budget.use).toEqual({ held: 0, most: BYTES, waiting: 0 });
  });
});

it('looking at a file waits for no call and no code, however much they hold', async () => {
  const { budget, run } = budgetOf();
  await run('a').hold(MOST);
  void run('b').toSend(MOST);
  await settled();
  const release = await run('c').toRead(30);
  expect(budget.use).toEqual({ held: MOST + 30, most: BYTES, waiting: 1 });
  release();
});

it('the calls of one user leave half of the bytes to others, where users are told apart', async () => {
  const { run } = budgetOf({ distinguishesUsers: true });
  await run('a').toSend(40);
  const stop = new AbortController();
  const second = run('a').toSend(40, stop.signal);
  await run('b').toSend(50);
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  const alone = budgetOf().run;
  await alone('a').toSend(40);
  await alone('a').toSend(40);
});
