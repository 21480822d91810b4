import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherError } from '../../tools/engines/launcher-error.js';
import { onStopSignals } from '../../tools/launcher/signals.js';
import { runAgainst } from './against/main.js';
import { Closers } from './closers.js';
import { cpuIsMeasured } from './cpu.js';
import { runGrowth } from './growth/main.js';
import { runGuard } from './guard/main.js';
import { type Measured, measure, warmUp } from './measure.js';
import { type Options, readOptions, USAGE } from './options.js';
import { slotsOf, WARM_UP_ROUNDS } from './plan.js';
import { draw } from './draw.js';
import { goalsOf } from './goals.js';
import { foreignLine, say, summaryLines } from './report.js';
import { writeReport } from './report-file.js';
import { openStage, type Stage } from './stage.js';
import { splitsOf } from './splits.js';
import { summarise } from './summary.js';

/** Runs the benchmark; returns the exit code: 1 when a text was not exact, whatever the numbers are. */
export async function runBench(root: string, argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const options = readOptions(argv);
  if (options.draw !== undefined) {
    draw(options.draw, options.out);
    return 0;
  }
  const interrupted = new Promise<never>((_, reject) =>
    onStopSignals(
      () => reject(new LauncherError('Interrupted.')),
      () => undefined,
    ),
  );
  refuseGivenEngines();
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-bench-'));
  chmodSync(scratch, 0o711); // see makeFolder in stores.ts
  const closers = new Closers();
  const work = commandOf(options)(root, scratch, options, closers);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    await closers.close();
    await work.catch(() => undefined); // what was still starting has been stopped as well
    rmSync(scratch, { recursive: true, force: true });
  }
}

function commandOf({ growth, guard, against }: Options) {
  if (growth !== undefined) return runGrowth;
  if (guard) return runGuard;
  return against === undefined ? runVariants : runAgainst;
}

function refuseGivenEngines(): void {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  if (!TEST_DATABASE_URL && !TEST_REDIS_URL) return;
  throw new LauncherError(
    'The benchmark starts engines of its own for each instance: unset TEST_DATABASE_URL and TEST_REDIS_URL.',
  );
}

async function runVariants(root: string, scratch: string, options: Options, closers: Closers): Promise<number> {
  return rounds(await openStage(root, scratch, options, closers), options);
}

async function rounds(stage: Stage, options: Options): Promise<number> {
  const { plan, scenarios } = options;
  const { instances, skipped } = stage;
  for (const line of skipped) say(line);
  say(
    `${[...stage.storeNames, `Node ${process.versions.node}`].join(', ')}; ${plan.rounds} rounds of ${plan.slotMs} ms.`,
  );
  say('Warming up …');
  const warmUpMs = plan.warmUpMs / scenarios.length / WARM_UP_ROUNDS;
  for (const slot of slotsOf(WARM_UP_ROUNDS, instances, scenarios)) await warmUp(stage, slot, warmUpMs);
  say('Measuring …');
  const measured: Measured[] = [];
  for (const slot of slotsOf(plan.rounds, instances, scenarios)) measured.push(await measure(stage, slot, plan.slotMs));
  return conclude(stage, options, measured);
}

function conclude(stage: Stage, options: Options, measured: readonly Measured[]): number {
  const summary = summarise(measured);
  const faults = measured.flatMap((one) => one.faults);
  say(`\nEngine of the product: ${options.engine}. Medians over the rounds; ratios are taken within each round.\n`);
  const costs = splitsOf(measured);
  for (const line of summaryLines(summary, costs)) say(line);
  if (!cpuIsMeasured) say('CPU is measured on Linux only.');
  else say(foreignLine(measured.map((one) => one.foreignCores)));
  for (const line of goalsOf(summary)) say(line);
  const caughtUp = measured.reduce((sum, one) => sum + one.caughtUp, 0);
  if (caughtUp > 0) say(`${caughtUp} turns got their answer, or the end of it, at once: from the run log.`);
  for (const line of stage.skipped) say(line);
  for (const fault of new Set(faults)) say(`not exact: ${fault}`);
  writeReport(options, { stores: stage.storeNames, skipped: stage.skipped, summary, costs, measured });
  return measured.some((one) => one.bad > 0) ? 1 : 0;
}
