import { cpuIsMeasured, readCpu, readMachine } from '../cpu.js';
import { underLoad } from '../load.js';
import type { CountOrder, ProcessCounts } from '../messages.js';
import { commandCalls } from './command-stats.js';
import type { Apps, Setup } from './setup.js';
import type { AgainstSlot, Length, Shape, Side } from './plan.js';
import { between, combine, per, sumOf, type Tally } from './tally.js';

/** CPU is told in steps of 10 ms, and counts at rest come in bursts: fewer turns say little. */
const LEAST_TURNS = 150;

/** What something cost one side, once. */
export interface Measurement {
  readonly side: Side;
  readonly round: number;
  readonly cost: Tally;
}

/** What one turn cost in one slot, without what is done at rest as well. */
export interface Sample extends Measurement {
  readonly shape: Shape['name'];
  readonly length: Length;
  readonly turns: number;
  /** Cores that were busy with something else. */
  readonly foreignCores: number | undefined;
  readonly bad: number;
  readonly faults: readonly string[];
}

export interface Reading {
  readonly cost: Tally;
  readonly at: number;
  /** Tells how much else was going on. */
  readonly machine?: Tally;
}

export type Read = (setup: Setup, apps: Apps) => Promise<Reading>;

/** `atRest` is what the side does in a millisecond without any load. */
export async function takeSample(
  setup: Setup,
  apps: Apps,
  slot: AgainstSlot,
  durationMs: number,
  readFrom: Read,
  atRest: Tally = {},
): Promise<Sample> {
  const { shape, length, side, round } = slot;
  const load = {
    target: { wire: 'chatkit', url: `${apps.api.url}/chatkit` },
    isStored: true,
    concurrency: shape.concurrency,
    tokens: shape.tokens[length],
    delayMs: shape.delayMs,
    staggerMs: shape.tokens[length] * shape.delayMs,
    durationMs,
    leastTurns: LEAST_TURNS,
  } as const;
  const { report, before, after, faults } = await underLoad(setup, load, () => readFrom(setup, apps));
  const cost = between(before.cost, after.cost);
  const own = combine(cost, atRest, (all, rest) => all - rest * (after.at - before.at));
  return {
    side,
    shape: shape.name,
    length,
    round,
    turns: report.turns,
    cost: per(own, report.turns),
    foreignCores: foreignCores(before, after),
    bad: faults.length,
    faults: faults.slice(0, 5),
  };
}

function foreignCores(before: Reading, after: Reading): number | undefined {
  if (!before.machine || !after.machine) return undefined;
  const { busy = {}, bench = {} } = between(before.machine, after.machine);
  const own = between(before.cost, after.cost)[CPU] ?? {};
  return (sumOf(busy) - sumOf(bench) - sumOf(own)) / 1_000 / (after.at - before.at);
}

export const CPU = 'CPU µs';

export async function readTimes({ client, provider }: Setup, { api, worker, stores }: Apps): Promise<Reading> {
  const at = performance.now();
  if (!cpuIsMeasured) return { at, cost: {} };
  return {
    at,
    cost: { [CPU]: readCpu({ api: api.pid, worker: worker.pid, ...stores.roles }) },
    machine: {
      busy: { all: readMachine() },
      bench: readCpu({ client: client.pid, provider: provider.pid }),
    },
  };
}

export async function readCounts(_setup: Setup, { api, worker, redis }: Apps): Promise<Reading> {
  const at = performance.now();
  const order: CountOrder = { type: 'bench.count' };
  const [ofApi, ofWorker, info] = await Promise.all([
    api.ask<ProcessCounts>(order),
    worker.ask<ProcessCounts>(order),
    redis?.info('commandstats'),
  ]);
  return {
    at,
    cost: {
      ...(info !== undefined && { 'Redis commands': commandCalls(info) }),
      'SQL statements': { ...prefixed('api: ', ofApi.statements), ...prefixed('worker: ', ofWorker.statements) },
      'socket writes': { ...prefixed('api to ', ofApi.writes), ...prefixed('worker to ', ofWorker.writes) },
      'heap bytes': { api: ofApi.heapBytes, worker: ofWorker.heapBytes },
    },
  };
}

const prefixed = (prefix: string, parts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(parts).map(([name, value]) => [prefix + name, value]));
