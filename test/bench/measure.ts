import { setTimeout as sleep } from 'node:timers/promises';
import { type CpuTimes, cpuBetween, cpuIsMeasured, readCpu, readMachine } from './cpu.js';
import type { ClientOrder, ProviderOrder, ProviderReport, RunReport, VerifyReport } from './messages.js';
import type { Slot } from './plan.js';
import type { Stage } from './stage.js';
import type { Spread } from './stats.js';

/** What comes behind the last byte of a turn is its cost, too. */
const TRAILING_MS = 300;
/** Threads of a slot that are read back from the store. */
const VERIFIED = 20;

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
  const { client, provider } = stage;
  const target = stage.targets[variant];
  const roles = stage.roles[variant];
  const read = () => ({
    at: performance.now(),
    variant: readCpu(roles),
    bench: readCpu(stage.ownRoles),
    machine: cpuIsMeasured ? readMachine() : 0,
  });
  await provider.ask<ProviderReport>({ type: 'digests' } satisfies ProviderOrder);
  const before = read();
  const report = await client.ask<RunReport>({ type: 'run', target, durationMs, ...scenario } satisfies ClientOrder);
  await sleep(TRAILING_MS);
  const after = read();
  const sent = await provider.ask<ProviderReport>({ type: 'digests' } satisfies ProviderOrder);
  const faults = [...report.faults, ...differences(report.digests, sent.digests)];
  const verified = await verify(stage, { variant, target });
  const seconds = report.elapsedMs / 1_000;
  const cpu = cpuBetween(before.variant, after.variant);
  const benchCpu = cpuBetween(before.bench, after.bench);
  const foreign = after.machine - before.machine - total(cpu) - total(benchCpu);
  return {
    variant,
    scenario: scenario.name,
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
    bad: faults.length + verified.faults.length,
    faults: [...faults, ...verified.faults].slice(0, 5),
    verified: verified.checked,
  };
}

/** Texts that were sent and not received so, or received and never sent. */
function differences(received: readonly string[], sent: readonly string[]): string[] {
  const known = new Set(sent);
  const strange = received.filter((digest) => !known.has(digest));
  return strange.map(() => 'a text that the provider has not sent');
}

async function verify(
  { client }: Stage,
  { variant, target }: Pick<Slot, 'variant'> & { readonly target: Stage['targets']['product'] },
): Promise<VerifyReport> {
  if (variant !== 'product') return { checked: 0, faults: [] };
  return client.ask<VerifyReport>({ type: 'verify', target, sample: VERIFIED } satisfies ClientOrder);
}

const perToken = (cpu: CpuTimes, tokens: number): CpuTimes =>
  Object.fromEntries(Object.entries(cpu).map(([role, used]) => [role, used / tokens]));

export const total = (cpu: CpuTimes): number => Object.values(cpu).reduce((sum, used) => sum + used, 0);
