import { type Apps, startApps } from '../against/setup.js';
import { rotated } from '../plan.js';
import { nextMessage } from '../turn.js';
import { seed, type SeededThread, threadOf } from './seed.js';
import { callAll, costOf, firstMessages, type GrowthResult, type GrowthStage, warmUp } from './stage.js';
import { type Grown, grownTable } from './table.js';

/** In the database that does not grow. */
const SMALL = 2_000;
/** Of each owner, in both databases, so that answers are equally long. */
const PER_OWNER = 100;
const CALLS = 40;
const SLOT_MS = 2_500;
const TURN = { tokens: 2, delayMs: 0 };
const ASKED = SMALL / PER_OWNER;

type Numbers = Readonly<Record<string, number>>;

/**
 * Two products, each with a database of its own: one stays as it is, the other grows. At first both are equally large: what they
 * differ by then is chance.
 */
export async function growThreads({ setup, client, plan }: GrowthStage): Promise<GrowthResult> {
  const small = await startApps(setup, 'this');
  const grown = await startApps(setup, 'other');
  for (const apps of [small, grown]) {
    await warmUp(setup, apps);
    await seed(apps.stores.databaseUrl, seedsOf(0, SMALL));
  }
  const samples: Grown[] = [];
  const faults: string[] = [];

  async function measure(apps: Apps, round: number): Promise<Numbers> {
    const threads = threadsOf(round);
    const calls = async (body: (thread: SeededThread) => unknown, answer?: typeof TURN) => {
      const list = threads.map((thread) => ({ user: thread.owner, body: body(thread), ...(answer && { answer }) }));
      const report = await callAll(client, apps, list);
      faults.push(...report.faults);
      return report.ms.p50;
    };
    const load = await firstMessages(setup, apps, SLOT_MS);
    faults.push(...load.faults);
    return {
      'first message, 20 at once, CPU ms': costOf(load),
      'next message, TTFT p50 ms': await calls(({ id }) => nextMessage(id, TURN), TURN),
      'threads.list, p50 ms': await calls(() => ({ type: 'threads.list', params: { limit: 20 } })),
      'threads.get_by_id, p50 ms': await calls(({ id }) => ({ type: 'threads.get_by_id', params: { thread_id: id } })),
      'items.list, p50 ms': await calls(({ id }) => ({ type: 'items.list', params: { thread_id: id, limit: 20 } })),
    };
  }

  let size = SMALL;
  let round = 0;
  for (const next of [SMALL, ...plan.sizes]) {
    if (next > size) await seed(grown.stores.databaseUrl, seedsOf(size, next));
    const label = next === SMALL ? 'as many (A/A)' : next.toLocaleString('en');
    size = next;
    for (const apps of [small, grown]) await measure(apps, round); // what seeding has pushed out of memory comes back
    for (const end = round + plan.rounds; round < end; round++) {
      const both = new Map<Apps, Numbers>();
      for (const apps of rotated([small, grown], round)) both.set(apps, await measure(apps, round));
      const base = both.get(small) ?? {};
      for (const [kind, value] of Object.entries(both.get(grown) ?? {}))
        samples.push({ label, kind, value, base: base[kind] ?? Number.NaN });
    }
  }
  return { lines: grownTable(`${SMALL.toLocaleString('en')} threads`, samples), faults, samples };
}

const seedsOf = (from: number, to: number) => ({
  from,
  count: to - from,
  owners: Math.max(ASKED, to / PER_OWNER),
  turns: 1,
  withRuns: true,
});

/** Others in each round, of the owners and threads that both databases have. */
const threadsOf = (round: number): SeededThread[] =>
  Array.from({ length: CALLS }, (_, place) => threadOf((round * CALLS + place) % SMALL, ASKED));
