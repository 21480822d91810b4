import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { chaosSeed, isLong, someEngines } from '../support/chaos-length.js';
import { tell } from './support/figures.js';
import { useFleet } from './support/fleet.js';
import { expectSettledLedger, QUOTAS } from './support/ledger.js';
import type { Member } from './support/member.js';
import { audit, sendTurns } from './support/turns.js';

const TURNS = isLong ? 200 : 30;
const AT_ONCE = isLong ? 12 : 8;
const PAUSE_MS = 1_500;
/** Between two tokens: in the long form most turns live through a fault or two. */
const DELAY_MS = isLong ? 300 : 50;

/** Numbers from 0 to under 1; the same seed gives the same faults in the same order. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  // A linear congruence modulo 2^32: a test needs nothing better, and its high bits are good enough.
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const FAULTS: Record<string, (member: Member) => Promise<void>> = {
  SIGKILL: (member) => member.replace(),
  async SIGSTOP({ app }) {
    app.child.kill('SIGSTOP');
    await sleep(isLong ? 11_000 : 4_000);
    app.child.kill('SIGCONT');
  },
  'cut from Postgres': async ({ postgres }) => postgres.cut(),
  'cut from the event engine': async ({ redis, postgres }) => (redis ?? postgres).cut(),
  async 'silent wires'({ redis, postgres }) {
    for (const wire of [redis, postgres]) wire?.blackhole();
    await sleep(isLong ? 9_000 : 3_000);
    for (const wire of [redis, postgres]) wire?.restore();
  },
};

const counted = (faults: readonly string[]): Record<string, number> =>
  Object.fromEntries(Object.keys(FAULTS).map((name) => [name, faults.filter((one) => one === name).length]));

describe.each(someEngines)(`faults at random under load on the %s engine (CHAOS_SEED=${chaosSeed})`, (engine) => {
  const fleet = useFleet(engine, { config: QUOTAS });

  it('nothing is lost, doubled, stuck, anybody else’s or counted wrongly', async () => {
    const next = numbersFrom(chaosSeed);
    const faults: string[] = [];
    const over = new AbortController();
    const inflicting = (async () => {
      while (!over.signal.aborted) {
        await sleep(PAUSE_MS * (0.5 + next()));
        const name = Object.keys(FAULTS)[Math.floor(next() * Object.keys(FAULTS).length)] ?? '';
        const worker = fleet.workers[Math.floor(next() * fleet.workers.length)];
        if (over.signal.aborted || !worker) return;
        faults.push(name);
        await FAULTS[name]?.(worker);
      }
    })();
    const turns = await sendTurns(fleet, TURNS, {
      atOnce: AT_ONCE,
      wish: (number) => ({ id: `${engine}-${number}`, tokens: 15 + (number % 30), delay: DELAY_MS }),
    });
    over.abort();
    await inflicting;
    const result = await audit(fleet, turns);
    tell(`random faults (${engine}, seed ${chaosSeed})`, { ...result, faults: faults.length, ...counted(faults) });
    expect(faults.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ lost: 0, doubled: 0, foreign: 0, stuck: 0, misled: 0, refused: 0 });
    expect(result.completed + result.failed).toBe(TURNS);
    await expectSettledLedger(fleet);
  }, 900_000);
});
