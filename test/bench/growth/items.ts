import { type Apps, startApps } from '../against/setup.js';
import { cpuBetween } from '../cpu.js';
import { total } from '../measure.js';
import { rotated } from '../plan.js';
import { nextMessage } from '../turn.js';
import { seed, threadOf } from './seed.js';
import { callAll, type GrowthResult, type GrowthStage, readApps, warmUp } from './stage.js';
import { type Grown, grownTable } from './table.js';

/** Threads of each length: each gets one message a round, so that a short one stays short. */
const THREADS = 40;
const OWNERS = 20;
const TURN = { tokens: 2, delayMs: 0 };

/** Threads of one length, by the number of their first one. */
interface Group {
  readonly label: string;
  readonly items: number;
  readonly from: number;
}

type Numbers = Readonly<Record<string, number>>;

/** One product, with threads of different lengths; the shortest twice, so that it is known what chance makes of it. */
export async function growItems({ setup, client, plan }: GrowthStage): Promise<GrowthResult> {
  const apps = await startApps(setup, 'this');
  await warmUp(setup, apps);
  const [shortest = 0, ...longer] = plan.sizes;
  const groups = [shortest, shortest, ...longer].map((items, place) => ({
    label: place === 1 ? 'as many (A/A)' : items.toLocaleString('en'),
    items,
    from: place * THREADS,
  }));
  for (const { from, items } of groups)
    await seed(apps.stores.databaseUrl, { from, count: THREADS, owners: OWNERS, turns: items / 2, withRuns: false });
  const samples: Grown[] = [];
  const faults: string[] = [];

  async function measure(group: Group): Promise<Numbers> {
    const before = readApps(apps);
    const turns = await ask(apps, group, ({ id }) => nextMessage(id, TURN), TURN);
    const cpu = total(cpuBetween(before, readApps(apps)));
    const whole = await ask(apps, group, ({ id }) => ({ type: 'threads.get_by_id', params: { thread_id: id } }));
    const page = await ask(apps, group, ({ id }) => ({ type: 'items.list', params: { thread_id: id, limit: 20 } }));
    return {
      'next message, one at a time, CPU ms': cpu / 1_000 / turns.calls,
      'next message, TTFT p50 ms': turns.ms.p50,
      'threads.get_by_id, p50 ms': whole.ms.p50,
      'threads.get_by_id, bytes': whole.bytes / whole.calls,
      'items.list, p50 ms': page.ms.p50,
    };
  }

  async function ask(of: Apps, group: Group, body: (thread: { id: string }) => unknown, answer?: typeof TURN) {
    const calls = Array.from({ length: THREADS }, (_, place) => threadOf(group.from + place, OWNERS)).map((thread) => ({
      user: thread.owner,
      body: body(thread),
      ...(answer && { answer }),
    }));
    const report = await callAll(client, of, calls);
    faults.push(...report.faults);
    return report;
  }

  for (const group of groups) await measure(group);
  for (let round = 0; round < plan.rounds; round++) {
    const all = new Map<Group, Numbers>();
    for (const group of rotated(groups, round)) all.set(group, await measure(group));
    const [base, ...others] = groups.map((group) => ({ label: group.label, numbers: all.get(group) ?? {} }));
    for (const { label, numbers } of others)
      for (const [kind, value] of Object.entries(numbers))
        samples.push({ label, kind, value, base: base?.numbers[kind] ?? Number.NaN });
  }
  return { lines: grownTable(`${shortest} items`, samples), faults, samples };
}
