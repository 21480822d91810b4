import { findBuilds } from '../against/builds.js';
import { openSetup } from '../against/setup.js';
import type { Closers } from '../closers.js';
import type { Options } from '../options.js';
import { own } from '../processes.js';
import { say } from '../report.js';
import { writeReport } from '../report-file.js';
import { growItems } from './items.js';
import { GROWTH_PLANS, type Series } from './plan.js';
import type { GrowthResult, GrowthStage } from './stage.js';
import { growStreams } from './streams.js';
import { growThreads } from './threads.js';

const RUNS: Readonly<Record<Series, (stage: GrowthStage) => Promise<GrowthResult>>> = {
  streams: growStreams,
  threads: growThreads,
  items: growItems,
};

/** Measures how cost grows. Returns the exit code: 1 when an answer was not exact, or a call failed. */
export async function runGrowth(root: string, scratch: string, options: Options, closers: Closers): Promise<number> {
  const series = options.growth ?? 'streams';
  const plan = GROWTH_PLANS[series][options.quick ? 'quick' : 'full'];
  const wanted = series === 'threads' ? (['this', 'other'] as const) : (['this'] as const);
  const setup = await openSetup(root, scratch, options, findBuilds(root, root), closers, wanted);
  const client = await setup.start({ name: 'growth-client', script: own('growth/client') });
  const { stores } = setup.sides.this;
  say(`${[...stores.names, `Node ${process.versions.node}`].join(', ')}; ${series} up to ${plan.sizes.at(-1)}.\n`);
  const { lines, faults, samples } = await RUNS[series]({ setup, client, plan });
  for (const line of lines) say(line);
  say(`\n${faults.length} faults.`);
  for (const fault of new Set(faults)) say(`fault: ${fault}`);
  writeReport(options, { stores: stores.names, samples, faults });
  return faults.length > 0 ? 1 : 0;
}
