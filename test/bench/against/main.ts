import type { Closers } from '../closers.js';
import type { Options } from '../options.js';
import { say } from '../report.js';
import { writeReport } from '../report-file.js';
import { measureBoots } from './boots.js';
import { type Build, findBuilds } from './builds.js';
import { findingsOf, LEAST_AT_REST, splitFindings } from './findings.js';
import { openSetup } from './setup.js';
import { runPass } from './passes.js';
import { againstPlan, countedShapes, type Pass, type Side, timedShapes } from './plan.js';
import { reportLines } from './report.js';
import { readCounts, readTimes } from './samples.js';

/**
 * Compares this build with that of another checkout, and with itself. Times come first and undisturbed; counting has
 * processes of its own. Returns the exit code: 1 when a text was not exact.
 */
export async function runAgainst(root: string, scratch: string, options: Options, closers: Closers): Promise<number> {
  const builds = findBuilds(root, options.against ?? '');
  const { boots: starts, timing, counting } = againstPlan(options.plan, options.quick);
  const shapes = { timed: timedShapes(options.scenarios), counted: countedShapes(options.scenarios) };
  const setup = await openSetup(root, scratch, options, builds, closers);
  const stores = setup.sides.this.stores.names;
  for (const line of heading(builds, options.set, stores, timing)) say(line);
  say(`Starting each side ${starts} times …`);
  const boots = await measureBoots(setup, starts);
  say('Measuring times …');
  const timed = await runPass(setup, { shapes: shapes.timed, plan: timing, isCounted: false, read: readTimes });
  say('Counting work …');
  const counted = await runPass(setup, { shapes: shapes.counted, plan: counting, isCounted: true, read: readCounts });
  const findings = {
    boots: findingsOf(boots),
    rest: findingsOf(counted.rests, LEAST_AT_REST),
    times: splitFindings(timed.samples, shapes.timed),
    counts: splitFindings(counted.samples, shapes.counted),
  };
  const samples = [...timed.samples, ...counted.samples];
  for (const line of reportLines(findings, samples)) say(line);
  writeReport(options, { builds, stores, findings, boots, timed, counted });
  return samples.some((sample) => sample.bad > 0) ? 1 : 0;
}

function heading(
  builds: Readonly<Record<Side, Build>>,
  set: Options['set'],
  stores: readonly string[],
  timing: Pass,
): string[] {
  return [
    `this   ${builds.this.commit} ${builds.this.root}, and the same again as the control`,
    [`other  ${builds.other.commit} ${builds.other.root}`, ...Object.entries(set).map((one) => one.join('='))].join(
      ' ',
    ),
    `${[...stores, `Node ${process.versions.node}`].join(', ')}; ${timing.rounds} rounds of ${timing.slotMs} ms.`,
  ];
}
