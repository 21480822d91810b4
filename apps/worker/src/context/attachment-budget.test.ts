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
