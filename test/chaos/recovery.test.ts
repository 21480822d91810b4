import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { until, type WireEvent } from '../support/chat.js';
import { isLong } from '../support/chaos-length.js';
import { engineKinds } from '../support/engines.js';
import { percentile, spread, tell } from './support/figures.js';
import { type Fleet, useFleet } from './support/fleet.js';
import type { Member } from './support/member.js';
import { audit, flawless, sendTurn, type Turn } from './support/turns.js';

const RECOVERED_P95_MS = 15_000;
/** Longer than a lease; as long as the promise says in the long form. */
const FROZEN_MS = isLong ? 60_000 : 12_000;
const BLOCKED_MS = isLong ? 45_000 : 12_000;
const TURNS = 14;
/** About four seconds, so that all of them are in mid-answer when the faults come. */
const WISH = { tokens: 40, delay: 100 };
const CONFIG = `assistants: [{ id: blockable, module: ${fileURLToPath(new URL('../support/blockable.js', import.meta.url))} }]\n`;

/** What may happen to a worker, and how it is undone. */
const FAULTS: Record<string, { inflict(member: Member): unknown; heal(member: Member): Promise<unknown> }> = {
  killed: { inflict: ({ app }) => app.child.kill('SIGKILL'), heal: (member) => member.replace() },
  frozen: {
    inflict: ({ app }) => app.child.kill('SIGSTOP'),
    heal: async ({ app }) => {
      await sleep(FROZEN_MS);
      app.child.kill('SIGCONT');
    },
  },
  blocked: { inflict: ({ app }) => app.child.kill('SIGUSR2'), heal: () => sleep(BLOCKED_MS) },
  'cut off': {
    inflict: ({ postgres, redis }) => [postgres, redis].map((wire) => wire?.blackhole()),
    heal: async ({ postgres, redis }) => {
      await sleep(FROZEN_MS);
      for (const wire of [postgres, redis]) wire?.restore();
    },
  },
};

describe.each(engineKinds)(
  'workers that are killed, frozen, blocked and cut off at once on the %s engine',
  (engine) => {
    const fleet = useFleet(engine, {
      workers: 6,
      config: CONFIG,
      variables: { WORKER_CONCURRENCY: '4', BLOCKED_MS: String(BLOCKED_MS) },
    });
    let turns: Turn[];
    /** From the fault to the first sign of the next attempt, for each turn that lost its worker, in milliseconds. */
    const recoveries: number[] = [];
    const victims: string[] = [];

    beforeAll(async () => {
      const progress = new Map<string, number>();
      let faultsAt = Infinity;
      const watch = (id: string) => (events: readonly WireEvent[]) => {
        progress.set(id, events.length);
        const removed = events.some(({ type }) => type === 'thread.item.removed');
        if (!removed || recovered.has(id)) return;
        recovered.add(id);
        recoveries.push(performance.now() - faultsAt);
      };
      const recovered = new Set<string>();
      const underWay = Promise.all(
        Array.from({ length: TURNS }, (_, number) => {
          const id = `${engine}-${number}`;
          return sendTurn(fleet, { ...WISH, id }, watch(id));
        }),
      );
      await until('all turns are in mid-answer', 30_000, async () => {
        return progress.size === TURNS && [...progress.values()].every((events) => events > 8);
      });
      const holders = await holdersOf(fleet);
      faultsAt = performance.now();
      const healed = Object.values(FAULTS).map(async ({ inflict, heal }, index) => {
        const member = holders[index]?.member;
        if (!member) throw new Error('too few workers hold a run');
        victims.push(...(holders[index]?.runs ?? []));
        inflict(member);
        await heal(member);
      });
      turns = await underWay;
      await Promise.all(healed);
    }, 300_000);

    it('every accepted message ends in exactly one stored answer, which is what the connected client was shown', async () => {
      const result = await audit(fleet, turns);
      tell(`recovery (${engine})`, {
        ...result,
        faults: Object.keys(FAULTS).join(', '),
        recovery: spread(recoveries, [0.5, 0.95]),
      });
      expect(result).toEqual(flawless(TURNS));
    });

    it('the next attempt begins in time, once for each turn that lost its worker', async () => {
      const again = await fleet.query<{ id: string }>(`SELECT id FROM runs WHERE attempt > 1`);
      // A worker that comes back before anybody has claimed its run may go on with it.
      expect(victims).toEqual(expect.arrayContaining(again.map(({ id }) => id)));
      expect(again.length).toBeGreaterThan(0);
      expect(recoveries).toHaveLength(again.length);
      expect(percentile(recoveries, 0.95)).toBeLessThan(RECOVERED_P95_MS);
    });

    it('a worker that comes back has stopped asking the provider, and takes new turns', async () => {
      await until('no call is left open', 10_000, async () =>
        fleet.provider.calls.every(({ finished, closedAt }) => finished || closedAt !== undefined),
      );
      const [attempts] = await fleet.query<{ sum: number }>(`SELECT sum(attempt)::int FROM runs`);
      expect(fleet.provider.calls).toHaveLength(attempts?.sum ?? 0);
      const more = await Promise.all(
        Array.from({ length: 18 }, (_, number) =>
          sendTurn(fleet, { id: `${engine}-after-${number}`, tokens: 5, delay: 100 }),
        ),
      );
      expect(await audit(fleet, more)).toMatchObject({ completed: 18 });
    });
  },
);

/** The workers that hold runs, and which; the one that holds most first. */
async function holdersOf(fleet: Fleet): Promise<{ member: Member; runs: string[] }[]> {
  const rows = await fleet.query<{ id: string; worker_id: string }>(
    `SELECT id, worker_id FROM runs WHERE state = 'working'`,
  );
  return fleet.workers
    .map((member) => ({
      member,
      runs: rows.filter(({ worker_id }) => member.app.output().includes(worker_id)).map(({ id }) => id),
    }))
    .filter(({ runs }) => runs.length > 0)
    .toSorted((a, b) => b.runs.length - a.runs.length);
}
