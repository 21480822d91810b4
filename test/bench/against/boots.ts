import type { Child } from '../child.js';
import { cpuIsMeasured, readCpu, readMemory } from '../cpu.js';
import { rotated } from '../plan.js';
import { type Apps, type Setup, startApps } from './setup.js';
import { SIDES } from './plan.js';
import type { Measurement } from './samples.js';
import type { Tally } from './tally.js';

/** Starts each side several times, one at a time. The first round is not counted: the disk's cache is still cold. */
export async function measureBoots(setup: Setup, rounds: number): Promise<Measurement[]> {
  const boots: Measurement[] = [];
  for (let round = -1; round < rounds; round++) {
    for (const side of rotated(SIDES, round + 1)) {
      const apps = await startApps(setup, side);
      if (round >= 0) boots.push({ side, round, cost: bootCost(apps) });
      await apps.stop();
    }
  }
  return boots;
}

function bootCost({ api, worker }: Apps): Tally {
  const each = (value: (app: Child) => number) => ({ api: value(api), worker: value(worker) });
  const time = { 'ms until ready': each((app) => app.readyMs) };
  if (!cpuIsMeasured) return time;
  return {
    ...time,
    'CPU ms until ready': each((app) => (readCpu({ app: app.pid })['app'] ?? 0) / 1_000),
    'MB resident when ready': each((app) => readMemory(app.pid) / 1e6),
  };
}
