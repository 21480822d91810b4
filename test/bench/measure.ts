import { type CpuTimes, cpuBetween, cpuIsMeasured, readCpu, readMachine } from './cpu.js';
import { underLoad } from './load.js';
import type { Slot } from './plan.js';
import type { Stage } from './stage.js';
import type { Spread } from './stats.js';

export interface Measured {
  readonly variant: Slot['variant'];
  readonly scenario: Slot['scenario']['name'];
  readonly round: number;
  readonly turns: number;
  readonly caughtUp: number;
  readonly tokens: number;
  readonly turnsPerSecond: number;
  readonly tokensPerSecond: number;
  readonly ttftMs: Spread;
  readonly deltaMs: Spread;
  /** CPU microseconds a token, by role: the variant's own, and beside them those of client and provider. */
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

export async function measure(stage: Stage, { variant, scenario, round }: Slot, durationMs: number): Promise<Measured> {
  const { name, ...shape } = scenario;
  const load = { ...shape, durationMs, leastTurns: 0, target: stage.targets[variant], isStored: variant === 'product' };
  const { report, before, after, faults, verified } = await underLoad(stage, load, () => readings(stage, variant));
  const seconds = report.elapsedMs / 1_000;
  const cpu = cpuBetween(before.variant, after.variant);
  const benchCpu = cpuBetween(before.bench, after.bench);
  const foreign = after.machine - before.machine - total(cpu) - total(benchCpu);
  return {
    variant,
    scenario: name,
    round,
    turns: report.turns,
    caughtUp: report.caughtUp,
    tokens: report.tokens,
    turnsPerSecond: report.turns / seconds,
    tokensPerSecond: report.tokens / seconds,
    ttftMs: report.ttftMs,
    deltaMs: report.deltaMs,
    cpu: perToken(cpu, report.tokens),
    benchCpu: perToken(benchCpu, report.tokens),
    foreignCores: foreign / 1_000 / (after.at - before.at),
    bad: faults.length,
    faults: faults.slice(0, 5),
    verified,
  };
}

const readings = ({ roles, ownRoles }: Stage, variant: Slot['variant']) => ({
  at: performance.now(),
  variant: readCpu(roles[variant]),
  bench: readCpu(ownRoles),
  machine: cpuIsMeasured ? readMachine() : 0,
});

const perToken = (cpu: CpuTimes, tokens: number): CpuTimes =>
  Object.fromEntries(Object.entries(cpu).map(([role, used]) => [role, used / tokens]));

export const total = (cpu: CpuTimes): number => Object.values(cpu).reduce((sum, used) => sum + used, 0);
