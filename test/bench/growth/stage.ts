import type { Apps, Setup } from '../against/setup.js';
import type { Child } from '../child.js';
import { type CpuTimes, cpuBetween, readCpu } from '../cpu.js';
import { type LoadResult, underLoad } from '../load.js';
import type { Target } from '../messages.js';
import { total } from '../measure.js';
import type { Call, CallsReport, GrowthOrder } from './messages.js';
import type { GrowthPlan } from './plan.js';

export interface GrowthStage {
  readonly setup: Setup;
  readonly client: Child;
  readonly plan: GrowthPlan;
}

/** What a series says: lines for people, and everything for the report file. */
export interface GrowthResult {
  readonly lines: readonly string[];
  readonly faults: readonly string[];
  readonly samples: readonly unknown[];
}

const WARM_UP_MS = 8_000;

export const targetOf = ({ api }: Apps): Target => ({ wire: 'chatkit', url: `${api.url}/chatkit` });

export const readApps = ({ api, worker, stores }: Apps): CpuTimes =>
  readCpu({ api: api.pid, worker: worker.pid, ...stores.roles });

/** Turns of two tokens, 20 at once, each in a thread of its own. */
export const firstMessages = (setup: Setup, apps: Apps, durationMs: number): Promise<LoadResult<CpuTimes>> =>
  underLoad(
    setup,
    {
      target: targetOf(apps),
      isStored: true,
      concurrency: 20,
      tokens: 2,
      delayMs: 0,
      staggerMs: 0,
      durationMs,
      leastTurns: 0,
    },
    () => readApps(apps),
  );

/** The compilers' time, which is not measured; it also makes the turn that `seed` copies. */
export const warmUp = (setup: Setup, apps: Apps): Promise<LoadResult<CpuTimes>> =>
  firstMessages(setup, apps, WARM_UP_MS);

/** CPU milliseconds a turn. */
export const costOf = ({ before, after, report }: LoadResult<CpuTimes>): number =>
  total(cpuBetween(before, after)) / 1_000 / report.turns;

export const callAll = (client: Child, apps: Apps, calls: readonly Call[]): Promise<CallsReport> =>
  client.ask<CallsReport>({ type: 'calls', target: targetOf(apps), calls } satisfies GrowthOrder);
