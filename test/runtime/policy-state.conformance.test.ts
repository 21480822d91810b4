import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import type { PolicyState as ProvidersState } from '#providers';
import type { EventEngine, PolicyState } from '#runtime';
import { engineKinds } from '../support/engines.js';
import { useWorld } from './support/world.js';

const MINUTE_MS = 60_000;
const FOREVER = 1e12;
const LAST = { code: 'unavailable', detail: 'HTTP 503' };
const FAILED = { ...LAST, isProbe: false };

const minutes = ({ waitMs }: { waitMs: number }): number => Math.round(waitMs / MINUTE_MS);

/** libs/runtime must not import libs/providers, so here the compiler proves that the policy state fits what those need. */
const asAskedFor = (state: PolicyState): ProvidersState & PolicyState => state;

/** As many results as `count`, requested at once by processes that take turns. */
const crowd = <T>(of: readonly PolicyState[], count: number, ask: (state: PolicyState, n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(of[n % of.length] as PolicyState, n)));

describe.each(engineKinds)('the shared policy state on %s', (kind) => {
  const world = useWorld();
  let engines: EventEngine[];
  let states: PolicyState[];
  let state: PolicyState;
  let key: string;
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3].map(() => world.openEngine(kind)));
    states = engines.map(({ policies }) => asAskedFor(policies));
    state = states[0] as PolicyState;
  });
  beforeEach(() => {
    key = newId('message');
  });

  // One unit a minute, so that slots are further apart than any test takes.
  const slow = (cost = 1, burst = 0) => ({ key, perMinute: 1, burst, cost });

  const openAndOver = async (): Promise<void> => {
    await state.countFailure(key, { failures: 1, openMs: 1, maxOpenMs: 1 }, FAILED);
    await expect.poll(() => state.breaker(key), { timeout: 10_000 }).toMatchObject({ opens: 1, openForMs: 0 });
  };

  describe('a limit per minute', () => {
    it('gives 200 simultaneous requests from three processes evenly spaced slots', async () => {
      const booked = await crowd(states, 200, (each) => each.book([slow()], FOREVER));
      expect(booked.map(minutes).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
      expect(booked.every((place) => place.booked)).toBe(true);
    });

    it('spaces them by their share of the minute', async () => {
      const booking = { key, perMinute: 3, burst: 0, cost: 1 };
      for (let n = 0; n < 4; n++) await state.book([booking], FOREVER);
      const { waitMs } = await state.book([booking], FOREVER);
      expect(Math.round(waitMs / 20_000)).toBe(4);
    });

    it('lets the burst go at once after a pause, and no more', async () => {
      const waits: number[] = [];
      for (let n = 0; n < 7; n++) waits.push(minutes(await state.book([slow(1, 5)], FOREVER)));
      expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2]);
    });

    it('returns no wait to callers that need not wait', async () => {
      for (const burst of [0, 1, 0.3, 17]) {
        const place = await state.book([{ key: `${key}${burst}`, perMinute: 7, burst, cost: 1 }], 0);
        expect(place).toEqual({ booked: true, waitMs: 0 });
      }
    });

    it('allows a cost above the burst, which delays later calls', async () => {
      expect(minutes(await state.book([slow(50, 5)], 0))).toBe(0);
      expect(minutes(await state.book([slow(1, 5)], FOREVER))).toBe(46);
    });

    it('refuses what would be too late, books nothing then, and returns how long the wait would be', async () => {
      await state.book([slow(3)], FOREVER);
      for (const each of states) {
        const refused = await each.book([slow()], 2 * MINUTE_MS);
        expect([refused.booked, minutes(refused)]).toEqual([false, 3]);
      }
      const booked = await state.book([slow()], 3 * MINUTE_MS);
      expect([booked.booked, minutes(booked)]).toEqual([true, 3]);
    });

    it('books under all limits or under none', async () => {
      const [requests, tokens] = [
        { ...slow(), key: `${key}:requests` },
        { ...slow(10), key: `${key}:tokens` },
      ];
      expect(minutes(await state.book([requests, tokens], FOREVER))).toBe(0);
      const refused = await state.book([requests, tokens], MINUTE_MS);
      expect([refused.booked, minutes(refused)]).toEqual([false, 10]);
      expect(minutes(await state.book([requests], FOREVER))).toBe(1);
      expect(minutes(await state.book([tokens], FOREVER))).toBe(10);
    });

    it('books many limits concurrently in any order without a deadlock', async () => {
      const keys = Array.from({ length: 6 }, (_, n) => `${key}:${n}`);
      const turned = (n: number) => [...keys.slice(n % 6), ...keys.slice(0, n % 6)];
      const booked = await crowd(states, 60, (each, n) =>
        each.book(
          turned(n).map((one) => ({ ...slow(), key: one })),
          FOREVER,
        ),
      );
      expect(booked.map(minutes).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
    });

    it('is corrected in both directions', async () => {
      await state.book([slow(10)], FOREVER);
      await state.correct([slow(-4)]);
      expect(minutes(await state.book([slow()], 0))).toBe(6);
      await state.correct([slow(14)]);
      expect(minutes(await state.book([slow()], 0))).toBe(20);
    });

    it('gives no caller more than the burst for what was refunded', async () => {
      await state.correct([slow(-1_000, 2)]);
      const waits: number[] = [];
      for (let n = 0; n < 3; n++) waits.push(minutes(await state.book([slow(1, 2)], FOREVER)));
      expect(waits).toEqual([0, 0, 1]);
    });

    it('tells for how long each is booked', async () => {
      expect(await state.bookedFor([`${key}:none`, key])).toEqual([undefined, undefined]);
      await state.book([slow(3, 2)], FOREVER);
      for (const each of states) {
        const [none, booked] = await each.bookedFor([`${key}:none`, key]);
        expect(none).toBeUndefined();
        // Two of the three were in the burst: the budget is empty for one more.
        expect(Math.round((booked ?? 0) / MINUTE_MS)).toBe(1);
      }
      await state.correct([slow(-2, 2)]);
      const [free] = await state.bookedFor([key]);
      expect(Math.round((free ?? 0) / MINUTE_MS)).toBe(-1);
    });

    it('delays no caller without a limit', async () => {
      expect(await state.book([], 0)).toEqual({ booked: true, waitMs: 0 });
    });
  });

  describe('permits', () => {
    const TTL_MS = 60_000;

    it('are counted as long as they are held', async () => {
      await state.acquire({ key, holder: 'call_1' }, 7, TTL_MS);
      await state.acquire({ key, holder: 'call_2' }, 7, TTL_MS);
      await state.acquire({ key, holder: 'call_gone' }, 7, 1);
      await state.release({ key, holder: 'call_2' });
      for (const each of states) {
        await expect.poll(() => each.held([`${key}:none`, key])).toEqual([0, 1]);
        expect(await each.held([])).toEqual([]);
      }
    });

    it('never exceed the limit under concurrent requests', async () => {
      const got = await crowd(states, 60, (each, n) => each.acquire({ key, holder: `call_${n}` }, 7, TTL_MS));
      expect(got.filter(Boolean)).toHaveLength(7);
      const holder = `call_${got.indexOf(true)}`;
      expect(await state.acquire({ key, holder: 'call_late' }, 7, TTL_MS)).toBe(false);
      await states[1]?.release({ key, holder });
      const again = await crowd(states, 10, (each, n) => each.acquire({ key, holder: `next_${n}` }, 7, TTL_MS));
      expect(again.filter(Boolean)).toHaveLength(1);
    });

    it('are renewed by their holder only', async () => {
      expect(await state.acquire({ key, holder: 'a' }, 1, TTL_MS)).toBe(true);
      expect(await state.acquire({ key, holder: 'a' }, 1, TTL_MS)).toBe(true);
      expect(await state.acquire({ key, holder: 'b' }, 1, TTL_MS)).toBe(false);
      await state.release({ key, holder: 'b' });
      expect(await state.acquire({ key, holder: 'b' }, 1, TTL_MS)).toBe(false);
    });

    it('of a holder that is gone expire, while others are held', async () => {
      expect(await state.acquire({ key, holder: 'stays' }, 2, TTL_MS)).toBe(true);
      expect(await state.acquire({ key, holder: 'gone' }, 2, 50)).toBe(true);
      const take = () => state.acquire({ key, holder: 'next' }, 2, TTL_MS);
      await expect.poll(take, { timeout: 10_000 }).toBe(true);
      expect(await state.acquire({ key, holder: 'one more' }, 2, TTL_MS)).toBe(false);
    });

    it('that were renewed do not expire', async () => {
      await state.acquire({ key, holder: 'a' }, 1, 50);
      await state.acquire({ key, holder: 'a' }, 1, TTL_MS);
      await state.acquire({ key: `${key}:other`, holder: 'a' }, 1, 60);
      const take = () => state.acquire({ key: `${key}:other`, holder: 'b' }, 1, TTL_MS);
      await expect.poll(take, { timeout: 10_000 }).toBe(true);
      await engines[0]?.removeExpired();
      expect(await state.acquire({ key, holder: 'b' }, 1, TTL_MS)).toBe(false);
    });
  });

  describe('a breaker', () => {
    const rule = { failures: 3, openMs: 60_000, maxOpenMs: 60_000 };
    const once = { failures: 1, openMs: 60_000, maxOpenMs: 60_000 };
    const closed = { failures: 0, openForMs: 0, opens: 0, isHeld: false };

    it('opens at the failure that reaches the limit, over all processes', async () => {
      expect(await state.breaker(key)).toEqual(closed);
      expect(await states[0]?.countFailure(key, rule, FAILED)).toEqual({ ...closed, failures: 1, last: LAST });
      expect(await states[1]?.countFailure(key, rule, FAILED)).toEqual({ ...closed, failures: 2, last: LAST });
      expect(await state.breaker(key)).toEqual({ ...closed, failures: 2, last: LAST });
      const open = (await states[2]?.countFailure(key, rule, { ...FAILED, detail: 'HTTP 502' })) ?? closed;
      for (const each of [open, await state.breaker(key)]) {
        expect(each).toMatchObject({ failures: 3, opens: 1, last: { ...LAST, detail: 'HTTP 502' } });
        expect(each.openForMs).toBeGreaterThan(30_000);
        expect(each.openForMs).toBeLessThanOrEqual(60_000);
      }
    });

    it('counts every concurrent failure', async () => {
      const counted = await crowd(states, 40, (each) => each.countFailure(key, { ...rule, failures: 40 }, FAILED));
      expect(counted.filter(({ openForMs }) => openForMs > 0)).toHaveLength(1);
      expect(
        counted
          .map(({ failures }) => failures)
          .toSorted((a, b) => a - b)
          .at(-1),
      ).toBe(40);
    });

    it('stays open no longer because of a late failure', async () => {
      await state.countFailure(key, once, FAILED);
      const late = await state.countFailure(key, { failures: 1, openMs: 3_600_000, maxOpenMs: 3_600_000 }, FAILED);
      expect(late.failures).toBe(2);
      expect(late.openForMs).toBeLessThanOrEqual(60_000);
      await state.closeBreaker(key);
      await openAndOver();
      expect(await state.countFailure(key, once, FAILED)).toMatchObject({ failures: 2, openForMs: 0 });
    });

    it('opens for twice as long after each failed probe, up to the longest time', async () => {
      await openAndOver();
      const patient = { failures: 1, openMs: 20_000, maxOpenMs: 50_000 };
      const second = await state.countFailure(key, patient, { ...FAILED, isProbe: true });
      expect(second.openForMs).toBeGreaterThan(30_000);
      expect(second.openForMs).toBeLessThanOrEqual(40_000);
      await state.closeBreaker(key);
      await openAndOver();
      const short = { failures: 1, openMs: 1, maxOpenMs: 2 };
      for (let probe = 0; probe < 3; probe++) {
        await expect.poll(async () => (await state.breaker(key)).openForMs, { timeout: 10_000 }).toBe(0);
        await state.countFailure(key, short, { ...FAILED, isProbe: true });
      }
      await expect.poll(async () => (await state.breaker(key)).openForMs, { timeout: 10_000 }).toBe(0);
      const longest = await state.countFailure(key, patient, { ...FAILED, isProbe: true });
      expect(longest.openForMs).toBeGreaterThan(40_000);
      expect(longest.openForMs).toBeLessThanOrEqual(50_000);
    });

    it('allows no probe while it is open, and any call where it never was', async () => {
      expect(await state.takeProbe(key, 60_000)).toBe(true);
      await state.countFailure(key, rule, FAILED);
      expect(await state.takeProbe(key, 60_000)).toBe(true);
      await state.countFailure(key, once, FAILED);
      expect(await state.takeProbe(key, 60_000)).toBe(false);
    });

    it('allows one probe of fifty when it has been open', async () => {
      await openAndOver();
      const probes = await crowd(states, 50, (each) => each.takeProbe(key, 60_000));
      expect(probes.filter(Boolean)).toHaveLength(1);
    });

    it('allows the next probe when one has no result, or gives it back', async () => {
      await openAndOver();
      expect(await state.takeProbe(key, 20)).toBe(true);
      await expect.poll(() => state.takeProbe(key, 60_000), { timeout: 10_000 }).toBe(true);
      expect(await state.takeProbe(key, 60_000)).toBe(false);
      await states[1]?.releaseProbe(key);
      expect(await states[2]?.takeProbe(key, 60_000)).toBe(true);
    });

    it('opens again at a failed probe, and allows one probe after that', async () => {
      await openAndOver();
      expect(await state.takeProbe(key, 60_000)).toBe(true);
      const short = { failures: 1, openMs: 150, maxOpenMs: 300 };
      const open = await state.countFailure(key, short, { ...FAILED, isProbe: true });
      expect(open.openForMs).toBeGreaterThan(0);
      await expect.poll(() => states[1]?.takeProbe(key, 60_000), { timeout: 10_000 }).toBe(true);
    });

    it('resets when it is closed', async () => {
      await state.countFailure(key, once, FAILED);
      await states[1]?.closeBreaker(key);
      expect(await state.breaker(key)).toEqual(closed);
      expect(await state.countFailure(key, rule, FAILED)).toEqual({ ...closed, failures: 1, last: LAST });
    });

    it('that an operator has opened is open until one closes it, and is listed with those that have failures', async () => {
      const { policies } = engines[0] as EventEngine;
      const ours = async () => (await policies.breakers()).filter((breaker) => breaker.key.startsWith(key));
      await policies.holdBreaker(key);
      await policies.countFailure(`${key}/b`, rule, FAILED);
      await policies.countFailure(key, { failures: 1, openMs: 1, maxOpenMs: 1 }, FAILED);
      await policies.closeBreaker(key);
      await engines[0]?.removeExpired();
      expect(await states[1]?.breaker(key)).toMatchObject({ isHeld: true });
      expect(await ours()).toMatchObject([
        { key, isHeld: true },
        { key: `${key}/b`, isHeld: false, failures: 1, last: LAST },
      ]);
      await policies.resetBreaker(key);
      await policies.closeBreaker(`${key}/b`);
      expect(await states[1]?.breaker(key)).toEqual(closed);
      expect(await ours()).toEqual([]);
    });
  });

  describe('what is set aside', () => {
    it('applies to all callers, for its time', async () => {
      const [one, other] = [`${key}:1`, `${key}:2`];
      await state.setAside(one, 60_000);
      const [left = 0, none, again] = (await states[1]?.asideFor([one, other, one])) ?? [];
      expect([left > 30_000 && left <= 60_000, none, again !== 0]).toEqual([true, 0, true]);
      await state.setAside(other, 20);
      await expect.poll(() => state.asideFor([other]), { timeout: 10_000 }).toEqual([0]);
      expect(await state.asideFor([])).toEqual([]);
    });

    it('is not shortened by a later request', async () => {
      await state.setAside(key, 60_000);
      await state.setAside(key, 1);
      expect((await state.asideFor([key]))[0]).toBeGreaterThan(30_000);
    });
  });
});
