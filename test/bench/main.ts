import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LauncherError } from '../../tools/engines/launcher-error.js';
import { onStopSignals } from '../../tools/launcher/signals.js';
import { runAgainst } from './against/main.js';
import { Closers } from './closers.js';
import { cpuIsMeasured } from './cpu.js';
import { runGuard } from './guard/main.js';
import { type Measured, measure } from './measure.js';
import { type Options, readOptions, USAGE } from './options.js';
import { slotsOf } from './plan.js';
import { foreignLine, goalsOf, say, tableOf } from './report.js';
import { writeReport } from './report-file.js';
import { openStage, type Stage } from './stage.js';
import { summarise } from './summary.js';

/** Runs the benchmark; returns the exit code: 1 when a text was not exact, whatever the numbers are. */
export async function runBench(root: string, argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const options = readOptions(argv);
  const interrupted = new Promise<never>((_, reject) =>
    onStopSignals(
      () => reject(new LauncherError('Interrupted.')),
      () => undefined,
    ),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-bench-'));
  const closers = new Closers();
  const run = options.guard ? runGuard : options.against === undefined ? runVariants : runAgainst;
  const work = run(root, scratch, options, closers);
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    await closers.close();
    await work.catch(() => undefined); // what was still starting has been stopped as well
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runVariants(root: string, scratch: string, options: Options, closers: Closers): Promise<number> {
  return rounds(await openStage(root, scratch, options, closers), options);
}

async function rounds(stage: Stage, options: Options): Promise<number> {
  const { plan, variants, scenarios } = options;
  say(
    `${[...stage.storeNames, `Node ${process.versions.node}`].join(', ')}; ${plan.rounds} rounds of ${plan.slotMs} ms.`,
  );
  for (const slot of slotsOf(1, variants, scenarios)) await measure(stage, slot, plan.warmUpMs);
  const measured: Measured[] = [];
  for (const slot of slotsOf(plan.rounds, variants, scenarios)) measured.push(await measure(stage, slot, plan.slotMs));
  return conclude(stage, options, measured);
}

function conclude(stage: Stage, options: Options, measured: readonly Measured[]): number {
  const summary = summarise(measured);
  const faults = measured.flatMap((one) => one.faults);
  say(`\nEngine of the product: ${options.engine}. Medians over the rounds.\n\n${tableOf(summary)}\n`);
  if (!cpuIsMeasured) say('CPU is measured on Linux only.');
  else say(foreignLine(measured.map((one) => one.foreignCores)));
  for (const line of goalsOf(summary)) say(line);
  const caughtUp = measured.reduce((sum, one) => sum + one.caughtUp, 0);
  if (caughtUp > 0) say(`${caughtUp} turns got their answer, or the end of it, at once: from the run log.`);
  for (const fault of new Set(faults)) say(`not exact: ${fault}`);
  writeReport(options, { stores: stage.storeNames, summary, measured });
  return measured.some((one) => one.bad > 0) ? 1 : 0;
}
