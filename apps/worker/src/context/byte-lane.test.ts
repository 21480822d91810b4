import { describe, expect, it } from 'vitest';
import { ByteLane } from './byte-lane.js';

const MOST = 100;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Reserves in this order, and says in which order they were let in; each gives back when `next` is called for it. */
async function lettingIn(wants: readonly (readonly [owner: string, bytes: number])[], ofOneUser = MOST) {
  const lane = new ByteLane({ most: MOST, ofOneUser });
  const order: string[] = [];
  const releases: (() => void)[] = [];
  const take = async (name: string, reserved: Promise<() => void>) => {
    const release = await reserved;
    order.push(name);
    releases.push(release);
  };
  for (const [index, [owner, bytes]] of wants.entries()) {
    void take(`${owner}${index}`, lane.reserve(owner, bytes));
  }
  await settled();
  return {
    lane,
    order,
    async next() {
      releases.shift()?.();
      await settled();
    },
    releases,
  };
}

describe('bytes that are held at once', () => {
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

  it('who is stopped waits no more, and lets those behind in', async () => {
    const { lane, order } = await lettingIn([['a', 60]]);
    const stop = new AbortController();
    const large = lane.reserve('b', 100, { signal: stop.signal });
    void lane.reserve('c', 40).then(() => order.push('c'));
    await settled();
    expect(order).toEqual(['a0']);
    stop.abort(new Error('stopped'));
    await expect(large).rejects.toThrow('stopped');
    await settled();
    expect([order, lane.use]).toEqual([['a0', 'c'], { held: 100, waiting: 0 }]);
  });
});

describe('of one user', () => {
  const HALF = 50;

  it('no more than a share is held, and what waits for it keeps nobody else waiting', async () => {
    const { order, next, lane } = await lettingIn(
      [
        ['a', 40],
        ['a', 40],
        ['a', 5],
        ['b', 10],
        ['b', 40],
      ],
      HALF,
    );
    expect([order, lane.use]).toEqual([['a0', 'b3', 'b4'], { held: 90, waiting: 2 }]);
    await next();
    expect(order).toEqual(['a0', 'b3', 'b4', 'a1', 'a2']);
  });

  it('a reservation above the share is let in while no other of the user is', async () => {
    const { order, next } = await lettingIn(
      [
        ['a', 80],
        ['a', 1],
        ['b', 20],
      ],
      HALF,
    );
    expect(order).toEqual(['a0', 'b2']);
    await next();
    expect(order).toEqual(['a0', 'b2', 'a1']);
  });

  it('a run does not wait for its own share, however many others come and go', async () => {
    const lane = new ByteLane({ most: MOST, ofOneUser: HALF });
    const run = { bytes: 0 };
    await lane.reserve('a', 45, { run });
    await lane.reserve('b', 10);
    await lane.reserve('a', 45, { run });
    expect(lane.use).toEqual({ held: 100, waiting: 0 });
  });
});
