import { type CpuTimes, cpuBetween, cpuIsMeasured, readCpu, readMachine } from './cpu.js';
import { underLoad } from './load.js';
import type { Scenario, Seat, Slot } from './plan.js';
import type { Stage } from './stage.js';
import type { Instance } from './variants.js';
import type { Spread } from './stats.js';

export interface Measured extends Seat {
  readonly scenario: Scenario['name'];
  readonly round: number;
  readonly turns: number;
  readonly caughtUp: number;
  readonly tokens: number;
  readonly turnsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly ttftMs: Spread;
  readonly deltaMs: Spread;
  /** CPU microseconds a turn, by role: the instance's own, and beside them those of client and provider. */
  readonly cpu: CpuTimes;
  readonly benchCpu: CpuTimes;
  /** Cores that were busy with something else: above a few tenths, the numbers say little. */
  readonly foreignCores: number;
  /** Turns that were not exact, and threads that were not stored as they were streamed. */
  readonly bad: number;
  readonly faults: readonly string[];
  /** Threads that were read back. */
  readonly verified: number;
}

/** Loads an instance for so long at least; that is more than one run where the readers ask once. */
export async function warmUp(stage: Stage, slot: Slot<Instance>, durationMs: number): Promise<void> {
  const startedAt = performance.now();
  do await measure(stage, slot, durationMs);
  while (performance.now() - startedAt < durationMs);
}

export async function measure(stage: Stage, slot: Slot<Instance>, durationMs: number): Promise<Measured> {
  const { instance, round } = slot;
  const { name, asksOnce, ...shape } = slot.scenario;
  const { target, isStored, variant, isControl } = instance;
  const load = { ...shape, durationMs: asksOnce ? 0 : durationMs, leastTurns: 0, target, isStored };
  const { report, before, after, faults, verified } = await underLoad(stage, load, () => readings(stage, instance));
  const seconds = report.elapsedMs / 1_000;
  const cpu = cpuBetween(before.instance, after.instance);
  const benchCpu = cpuBetween(before.bench, after.bench);
  const foreign = after.machine - before.machine - total(cpu) - total(benchCpu);
  return {
    variant,
    isControl,
    scenario: name,
    round,
    turns: report.turns,
    caughtUp: report.caughtUp,
    tokens: report.tokens,
    turnsPerSecond: report.turns / seconds,
    tokensPerSecond: report.tokens / seconds,
    ttftMs: report.ttftMs,
    deltaMs: report.deltaMs,
    cpu: perTurn(cpu, report.turns),
    benchCpu: perTurn(benchCpu, report.turns),
    foreignCores: foreign / 1_000 / (after.at - before.at),
    bad: faults.length,
    faults: faults.slice(0, 5),
    verified,
  };
}

const readings = ({ ownRoles }: Stage, { roles }: Instance) => ({
  at: performance.now(),
  instance: readCpu(roles),
  bench: readCpu(ownRoles),
  machine: cpuIsMeasured ? readMachine() : 0,
});

const perTurn = (cpu: CpuTimes, turns: number): CpuTimes =>
  Object.fromEntries(Object.entries(cpu).map(([role, used]) => [role, used / turns]));

export const total = (cpu: CpuTimes): number => Object.values(cpu).reduce((sum, used) => sum + used, 0);
