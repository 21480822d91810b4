import { describe, expect, it } from 'vitest';
import { MemoryPolicyState } from './memory-policy-state.js';
import type { RateBooking } from './policy-state.js';

const MINUTE = 60_000;

function clocked() {
  const clock = { now: 1_000_000 };
  return { clock, state: new MemoryPolicyState(() => clock.now) };
}

const requests = (more: Partial<RateBooking> = {}): RateBooking => ({
  key: 'r',
  perMinute: 60,
  burst: 2,
  cost: 1,
  ...more,
});

describe('a limit by the minute', () => {
  it('gives a burst at once, then one after the other, in the order of the calls', async () => {
    const { state, clock } = clocked();
    const waits = [];
    for (let call = 0; call < 5; call++) waits.push((await state.book([requests()], MINUTE)).waitMs);
    expect(waits).toEqual([0, 0, 1000, 2000, 3000]);
    clock.now += 5_000;
    expect(await state.book([requests()], 0)).toEqual({ booked: true, waitMs: 0 });
  });

  it('books nothing anywhere when one of several would be too late', async () => {
    const { state } = clocked();
    const scarce = { key: 't', perMinute: 60, burst: 1, cost: 30 };
    await state.book([scarce], 0);
    expect(await state.book([requests(), scarce], 10_000)).toEqual({ booked: false, waitMs: 30_000 });
    expect((await state.book([requests({ cost: 2 })], 0)).booked).toBe(true);
  });

  it('lets a cost above the burst pass from an unused limit, and delays the calls after it', async () => {
    const { state } = clocked();
    expect(await state.book([requests({ cost: 10 })], 0)).toEqual({ booked: true, waitMs: 0 });
    expect(await state.book([requests()], MINUTE)).toEqual({ booked: true, waitMs: 9_000 });
  });

  it('takes a correction in both directions, and never saves up more than a burst', async () => {
    const { state } = clocked();
    await state.book([requests({ cost: 10 })], 0);
    await state.correct([requests({ cost: 5 })]);
    expect(await state.book([requests()], 0)).toEqual({ booked: false, waitMs: 14_000 });
    await state.correct([requests({ cost: -100 })]);
    const burst = [
      await state.book([requests()], 0),
      await state.book([requests()], 0),
      await state.book([requests()], 0),
    ];
    expect(burst.map(({ booked }) => booked)).toEqual([true, true, false]);
  });
});

it('holds places for calls at once until they are given back, or nobody renews them', async () => {
  const { state, clock } = clocked();
  const hold = (holder: string) => state.acquire({ key: 'c', holder }, 2, 100);
  expect([await hold('a'), await hold('b'), await hold('c'), await hold('a')]).toEqual([true, true, false, true]);
  await state.release({ key: 'c', holder: 'b' });
  expect(await hold('c')).toBe(true);
  clock.now += 60;
  await hold('a');
  clock.now += 60;
  expect([await hold('d'), await hold('e')]).toEqual([true, false]);
});

it('opens a breaker at the failure that makes it enough, gives one probe, and opens for twice as long when that fails', async () => {
  const { state, clock } = clocked();
  const rule = { failures: 2, openMs: 100, maxOpenMs: 300 };
  const last = { code: 'timeout', detail: 'late' };
  const fail = (isProbe = false) => state.countFailure('b', rule, { ...last, isProbe });
  const is = (failures: number, opens: number, openForMs: number) => ({
    failures,
    opens,
    openForMs,
    isHeld: false,
    last,
  });
  expect(await state.takeProbe('b', 50)).toBe(false);
  expect(await fail()).toEqual(is(1, 0, 0));
  expect(await fail()).toEqual(is(2, 1, 100));
  clock.now += 40;
  expect(await fail()).toEqual(is(3, 1, 60));
  expect(await state.takeProbe('b', 50)).toBe(false);
  clock.now += 60;
  expect(await state.breaker('b')).toEqual(is(3, 1, 0));
  expect([await state.takeProbe('b', 50), await state.takeProbe('b', 50)]).toEqual([true, false]);
  await state.releaseProbe('b');
  expect(await state.takeProbe('b', 50)).toBe(true);
  // One that began before it opened.
  expect(await fail()).toEqual(is(4, 1, 0));
  expect(await fail(true)).toEqual(is(5, 2, 200));
  clock.now += 200;
  expect(await fail(true)).toEqual(is(6, 3, 300));
  clock.now += 300;
  expect(await state.takeProbe('b', 50)).toBe(true);
  clock.now += 50;
  expect(await state.takeProbe('b', 50)).toBe(true);
  await state.closeBreaker('b');
  expect(await state.breaker('b')).toEqual({ failures: 0, opens: 0, openForMs: 0, isHeld: false, last: undefined });
});

it('says how much longer something is set aside', async () => {
  const { state, clock } = clocked();
  await state.setAside('k1', 100);
  clock.now += 30;
  expect(await state.asideFor(['k1', 'k2'])).toEqual([70, 0]);
  clock.now += 70;
  expect(await state.asideFor(['k1'])).toEqual([0]);
});
