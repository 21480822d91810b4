import { setTimeout as sleep } from 'node:timers/promises';
import { findBuilds } from '../against/builds.js';
import { number, table } from '../against/numbers.js';
import type { Length } from '../against/plan.js';
import { readCounts, type Sample, takeSample } from '../against/samples.js';
import { type Apps, COUNTING, openSetup, type Setup, startApps } from '../against/setup.js';
import { between, per, type Tally } from '../against/tally.js';
import type { Closers } from '../closers.js';
import type { Options } from '../options.js';
import { say } from '../report.js';
import { readHeld } from './held.js';
import { GUARDED_SHAPES, type GuardedShape, HELD_LIMITS } from './limits.js';
import { isMissing, isOver, type Row, rowsOf } from './rows.js';

const REST_MS = 2_000;
const WARM_UP_MS = 1_000;
const SLOT_MS = 1_000;

/**
 * Counts the work of a turn and of a token and compares it with the limits. Counts, not times, so that a busy machine gives the
 * same verdict. Returns the exit code: 1 when a limit is exceeded, when what it limits was not counted, or when a text was not exact.
 */
export async function runGuard(root: string, scratch: string, options: Options, closers: Closers): Promise<number> {
  const builds = findBuilds(root, root);
  const ours = {
    ...builds,
    this: options.against === undefined ? builds.this : findBuilds(root, options.against).other,
  };
  const setup = await openSetup(root, scratch, options, ours, closers, ['this']);
  const apps = await startApps(setup, 'this', { preload: COUNTING });
  const [shortest] = GUARDED_SHAPES;
  if (shortest) await sample(setup, apps, shortest, 'short', WARM_UP_MS);
  const atRest = await measureRest(setup, apps);
  const before = await readHeld(setup.sides.this);
  const samples: Sample[] = [];
  const rows: Row[] = [];
  for (const shape of GUARDED_SHAPES) {
    const short = await sample(setup, apps, shape, 'short', SLOT_MS, atRest);
    const long = await sample(setup, apps, shape, 'long', SLOT_MS, atRest);
    samples.push(short, long);
    rows.push(...rowsOf(shape, { short: short.cost, long: long.cost }));
    if (options.parts) for (const line of partsOf(shape, short)) say(line);
  }
  const held = per(between({ held: before }, { held: await readHeld(setup.sides.this) }), turnsOf(samples));
  for (const [name, limit] of Object.entries(HELD_LIMITS))
    rows.push({ name, counted: held['held']?.[name] ?? NaN, limit });
  return conclude(rows, samples);
}

const turnsOf = (samples: readonly Sample[]): number => samples.reduce((sum, one) => sum + one.turns, 0);

const sample = (
  setup: Setup,
  apps: Apps,
  shape: GuardedShape,
  length: Length,
  durationMs: number,
  atRest?: Tally,
): Promise<Sample> =>
  takeSample(setup, apps, { side: 'this', shape, length, round: 0 }, durationMs, readCounts, atRest);

async function measureRest(setup: Setup, apps: Apps): Promise<Tally> {
  const before = await readCounts(setup, apps);
  await sleep(REST_MS);
  const after = await readCounts(setup, apps);
  return per(between(before.cost, after.cost), after.at - before.at);
}

/** What a short turn consists of, the most frequent first. */
function partsOf(shape: GuardedShape, short: Sample): string[] {
  return Object.keys(shape.limits).map((what) => {
    const parts = Object.entries(short.cost[what] ?? {}).filter(([, count]) => count >= 0.05);
    const listed = parts
      .toSorted((a, b) => b[1] - a[1])
      .map(([name, count]) => `${number(count)} ${name.replaceAll(/\s+/g, ' ').slice(0, 80)}`);
    return `${shape.name}, ${what} of a turn of ${shape.tokens.short} tokens:\n  ${listed.join('\n  ')}`;
  });
}

const verdictOf = (row: Row): string => (isMissing(row) ? 'not counted' : isOver(row) ? 'exceeded' : '');

function conclude(rows: readonly Row[], samples: readonly Sample[]): number {
  const cells = rows.map((row) => [row.name, number(row.counted), number(row.limit), verdictOf(row)]);
  for (const line of table(['counted work', 'counted', 'limit', ''], cells)) say(line);
  const bad = samples.reduce((sum, one) => sum + one.bad, 0);
  say(`${turnsOf(samples)} turns, ${bad} not exact.`);
  for (const fault of new Set(samples.flatMap(({ faults }) => faults))) say(`not exact: ${fault}`);
  const exceeded = rows.filter(isOver);
  say(
    exceeded.length === 0
      ? 'No limit is exceeded.'
      : `Limits exceeded, or not counted: ${exceeded.map(({ name }) => name).join('; ')}.`,
  );
  return exceeded.length > 0 || bad > 0 ? 1 : 0;
}
