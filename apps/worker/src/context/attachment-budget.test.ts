import { describe, expect, it } from 'vitest';
import type { WorkerSettings } from '../worker-settings.js';
import { AttachmentBudget } from './attachment-budget.js';

const MOST = 100;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Reserves in this order, and says in which order they were let in; each gives back when `next` is called for it. */
async function lettingIn(wants: readonly (readonly [owner: string, bytes: number])[]) {
  const budget = new AttachmentBudget({ attachmentBytes: MOST } as WorkerSettings);
  const order: string[] = [];
  const releases: (() => void)[] = [];
  const take = async (name: string, reserved: Promise<() => void>) => {
    const release = await reserved;
    order.push(name);
    releases.push(release);
  };
  for (const [index, [owner, bytes]] of wants.entries()) {
    void take(`${owner}${index}`, budget.reserve(owner, bytes));
  }
  await settled();
  return {
    order,
    async next() {
      releases.shift()?.();
      await settled();
    },
    releases,
  };
}

describe('the budget of attachment bytes', () => {
  it('lets in what fits, and the rest as others are done', async () => {
    const { order, next } = await lettingIn([
      ['a', 60],
      ['a', 40],
      ['a', 1],
    ]);
    expect(order).toEqual(['a0', 'a1']);
    await next();
    expect(order).toEqual(['a0', 'a1', 'a2']);
  });

  it('takes the users by turns, however many files one of them sends', async () => {
    const { order, next } = await lettingIn([
      ['a', 100],
      ['a', 100],
      ['a', 100],
      ['b', 100],
      ['c', 100],
      ['a', 100],
    ]);
    for (let n = 0; n < 5; n++) await next();
    expect(order).toEqual(['a0', 'a1', 'b3', 'c4', 'a2', 'a5']);
  });

  it('does not let small ones keep out a large one', async () => {
    const { order, next } = await lettingIn([
      ['a', 60],
      ['b', 90],
      ['c', 10],
    ]);
    expect(order).toEqual(['a0']);
    await next();
    expect(order).toEqual(['a0', 'b1', 'c2']);
  });

  it('lets in alone what is more than there is', async () => {
    const { order, next } = await lettingIn([
      ['a', 1],
      ['b', 5_000],
      ['c', 1],
    ]);
    expect(order).toEqual(['a0']);
    await next();
    expect(order).toEqual(['a0', 'b1']);
    await next();
    expect(order).toEqual(['a0', 'b1', 'c2']);
  });

  it('counts what is given back once', async () => {
    const { order, releases, next } = await lettingIn([
      ['a', 100],
      ['b', 100],
      ['c', 100],
    ]);
    const [first] = releases;
    await next();
    first?.();
    await next();
    expect(order).toEqual(['a0', 'b1', 'c2']);
  });
});

const budgetOf = (attachmentBytes: number) => new AttachmentBudget({ attachmentBytes } as WorkerSettings);
const running = () => new AbortController().signal;

describe('what a run holds until it is over', () => {
  it('keeps others waiting, and is given back with the run', async () => {
    const budget = budgetOf(MOST);
    const run = budget.forRun('a', running());
    await run.hold(60);
    let isIn = false;
    void budget.reserve('b', 60).then(() => (isIn = true));
    await settled();
    expect([isIn, budget.use]).toEqual([false, { held: 60, most: MOST, waiting: 1 }]);
    run.release();
    await settled();
    expect([isIn, budget.use]).toEqual([true, { held: 60, most: MOST, waiting: 0 }]);
  });

  it('does not end in runs that wait for each other: one of them goes beyond the bound', async () => {
    const budget = budgetOf(MOST);
    const [one, other] = [budget.forRun('a', running()), budget.forRun('b', running())];
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

  it('does not wait for itself', async () => {
    const budget = budgetOf(MOST);
    const run = budget.forRun('a', running());
    await run.hold(80);
    await run.hold(80);
    run.release();
    expect(budget.use).toEqual({ held: 0, most: MOST, waiting: 0 });
  });
});

it('who is stopped waits no more, and lets those behind in', async () => {
  const budget = budgetOf(MOST);
  await budget.reserve('a', 60);
  const stop = new AbortController();
  const large = budget.reserve('b', 100, { signal: stop.signal });
  let isIn = false;
  void budget.reserve('c', 40).then(() => (isIn = true));
  await settled();
  expect(isIn).toBe(false);
  stop.abort(new Error('stopped'));
  await expect(large).rejects.toThrow('stopped');
  await settled();
  expect([isIn, budget.use]).toEqual([true, { held: 100, most: MOST, waiting: 0 }]);
});
