import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { number, table } from '../against/numbers.js';
import { type Apps, startApps } from '../against/setup.js';
import { type CpuTimes, cpuBetween, readShare } from '../cpu.js';
import { ROLES } from '../report.js';
import type { CollectOrder, CollectReport, GrowthOrder, OpenReport, WatchReport } from './messages.js';
import { type GrowthResult, type GrowthStage, readApps, targetOf, warmUp } from './stage.js';

const COLLECTING = fileURLToPath(new URL('collecting.js', import.meta.url));
/** Streams are opened at a pace that two cores keep up with. */
const OPENED_A_SECOND = 100;
const SETTLE_MS = 6_000;
const WATCH_MS = 15_000;
/** As long as the run, whatever happens; a token every few seconds. */
const HELD = { tokens: 1_000, delayMs: 5_000 };

/** Bytes by role: as the machine gives them, and of these what JavaScript holds when its garbage is gone. */
interface Memory {
  readonly given: CpuTimes;
  readonly held: CpuTimes;
}

interface Plateau {
  readonly streams: number;
  readonly opening: OpenReport;
  readonly seen: WatchReport;
  /** CPU milliseconds in a second, by role. */
  readonly cpu: CpuTimes;
  readonly memory: Memory;
}

/** Streams are opened and held open, more and more of them; nothing is closed before the end. */
export async function growStreams({ setup, client, plan }: GrowthStage): Promise<GrowthResult> {
  const places = String((plan.sizes.at(-1) ?? 0) + 1_000);
  const apps = await startApps(setup, 'this', { preload: COLLECTING, env: { WORKER_CONCURRENCY: places } });
  await warmUp(setup, apps);
  const empty = await readMemory(apps);
  const plateaus: Plateau[] = [];
  let open = 0;
  for (const streams of plan.sizes) {
    const count = streams - open;
    open = streams;
    const opening = await client.ask<OpenReport>({
      type: 'open',
      target: targetOf(apps),
      count,
      staggerMs: (count / OPENED_A_SECOND) * 1_000,
      load: HELD,
    } satisfies GrowthOrder);
    await sleep(SETTLE_MS);
    await client.ask<WatchReport>({ type: 'watch' } satisfies GrowthOrder);
    const before = readApps(apps);
    await sleep(WATCH_MS);
    const used = cpuBetween(before, readApps(apps));
    const seen = await client.ask<WatchReport>({ type: 'watch' } satisfies GrowthOrder);
    plateaus.push({ streams, opening, seen, cpu: perSecond(used), memory: await readMemory(apps) });
  }
  return {
    lines: linesOf(plateaus, empty),
    faults: plateaus.flatMap(faultsOf),
    samples: [{ empty }, ...plateaus],
  };
}

const perSecond = (used: CpuTimes): CpuTimes =>
  Object.fromEntries(Object.entries(used).map(([role, micros]) => [role, micros / WATCH_MS]));

async function readMemory({ api, worker, stores }: Apps): Promise<Memory> {
  const order: CollectOrder = { type: 'bench.collect' };
  const [ofApi, ofWorker] = [await api.ask<CollectReport>(order), await worker.ask<CollectReport>(order)];
  const pids = { api: api.pid, worker: worker.pid, ...stores.roles };
  return {
    given: Object.fromEntries(Object.entries(pids).map(([role, pid]) => [role, readShare(pid)])),
    held: { api: ofApi.heldBytes, worker: ofWorker.heldBytes },
  };
}

/** Every stream must still be open, and no token late by more than the time between two. */
function faultsOf({ streams, opening, seen }: Plateau): string[] {
  const closed = seen.open < streams ? [`${seen.open} of ${streams} streams are open`] : [];
  const late = seen.deltaMs.p99 > HELD.delayMs ? [`tokens come ${number(seen.deltaMs.p99)} ms late`] : [];
  return [...opening.faults, ...seen.faults, ...closed, ...late];
}

function linesOf(plateaus: readonly Plateau[], empty: Memory): string[] {
  const header = [
    'open streams',
    'first token p50 / p99 ms',
    'tokens/s',
    'delta p50 / p99 ms',
    `CPU ms/s: ${ROLES.join(' / ')}`,
    `kB a stream: ${ROLES.join(' / ')}`,
    'all',
    'held by JavaScript: api / worker',
  ];
  const rows = plateaus.map(({ streams, opening, seen, cpu, memory }) => {
    const given = perStream(memory.given, empty.given, streams);
    const held = perStream(memory.held, empty.held, streams);
    return [
      `${seen.open} of ${streams}`,
      `${number(opening.ttftMs.p50)} / ${number(opening.ttftMs.p99)}`,
      number(seen.tokens / (WATCH_MS / 1_000)),
      `${number(seen.deltaMs.p50)} / ${number(seen.deltaMs.p99)}`,
      byRole(cpu),
      byRole(given),
      number(Object.values(given).reduce((sum, kilobytes) => sum + kilobytes, 0)),
      ['api', 'worker'].map((role) => number(held[role] ?? Number.NaN)).join(' / '),
    ];
  });
  return table(header, rows);
}

/** Kilobytes that came with the streams. */
const perStream = (bytes: CpuTimes, before: CpuTimes, streams: number): CpuTimes =>
  Object.fromEntries(Object.entries(cpuBetween(before, bytes)).map(([role, grown]) => [role, grown / 1_024 / streams]));

const byRole = (values: CpuTimes): string =>
  ROLES.map((role) => (values[role] === undefined ? '-' : number(values[role]))).join(' / ');
